import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { simulate, simulateJourney } from './index.ts'

const INTAKE = `
workflow: intake
on: pre-call
budget: 4s
connections: { crm: postgres/crm, desk: http/desk }
parameters:
  customer_name: { type: string, default: there }
  open_tickets: { type: integer, default: 0 }
steps:
  contact:
    use: crm.row.query_one
    with: { sql: "select 1", values: ["\${{ call.from_number }}"] }
    default: { name: there }
  tickets:
    use: desk.request.get
    with: { path: [tickets] }
    timeout: 2s
    default: { status: 0, body: [] }
respond:
  parameters:
    customer_name: \${{ steps.contact.name }}
    open_tickets: "\${{ steps.tickets.output.status == 200 ? 2 : 0 }}"
`

const AFTER = `
workflow: after
on: call.completed
if: call.duration > 5
connections: { desk: http/desk }
steps:
  ticket:
    use: desk.request.send
    with: { path: [tickets, "\${{ call.uuid }}"], body: { by: "\${{ call.from_number }}" } }
`

let folder: string
const file = (name: string): string => join(folder, name)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bookend-'))
  await writeFile(file('intake.pre-call.yaml'), INTAKE)
  await writeFile(file('after.journey.yaml'), AFTER)
  await writeFile(file('broken.pre-call.yaml'), 'workflow: broken\non: pre-call\nbudgets: 4s\n')
})
afterAll(() => rm(folder, { recursive: true }))

const answers = {
  'crm.row.query_one': { name: 'Ada' },
  'desk.request.get': simulate.after('9s', { status: 200, body: [] }),
}

describe('a workflow in YAML', () => {
  test.each([
    ['path', (name: string) => file(name)],
    ['URL', (name: string) => pathToFileURL(file(name))],
  ])('is tested like one in TypeScript, by its %s', async (_, at) => {
    const run = await simulate(at('intake.pre-call.yaml'), {}, answers)
    expect(run.parameters).toEqual({ customer_name: 'Ada', open_tickets: 0 })
    expect(run.step('tickets')).toBeCut()
    expect(run).toAnswerWithin('2.1s')
  })

  test('that is a journey has its effects', async () => {
    const run = await simulateJourney(file('after.journey.yaml'), { call: { duration: 30 } })
    expect(run.status).toBe('completed')
    expect(run.effects).toMatchObject([{ step: 'ticket', input: { body: { by: '+15550100001' } } }])
  })

  test('that is wrong says where, and what would be right', async () => {
    const broken = simulate(file('broken.pre-call.yaml'))
    await expect(broken).rejects.toThrow(/broken\.pre-call\.yaml:3:1 .*budgets/)
    await expect(simulate(file('after.journey.yaml'))).rejects.toThrow('is a journey workflow')
    await expect(simulate('workflows/intake.pre-call.ts')).rejects.toThrow('import a TypeScript')
  })
})
