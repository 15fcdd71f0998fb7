import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { main } from '../main.ts'
import { capturedIo } from '../testing/captured-io.ts'
import { fakeApi } from '../testing/fake-api.ts'
import { run, step } from '../testing/fixtures.ts'

const simulation = {
  simulated: true,
  parameters: { customer_name: 'Ada', open_tickets: 0 },
  outcome: { type: 'say', text: 'We are closed' },
  missing: [{ name: 'tickets', reason: 'timed_out', step: 'tickets' }],
  agent: null,
  run: run({ status: 'partial', call_id: null, steps: [step({ name: 'patient' })] }),
}

async function type(line: string, answer: object = simulation, status = 200) {
  await using api = await fakeApi({
    'POST /workflows/clinic-intake/simulate': () => ({ status, body: answer }),
  })
  const io = capturedIo({ env: { BOOKEND_URL: api.url, BOOKEND_API_KEY: 'bk_test' } })
  const code = await main(line.split(' '), io)
  return { code, out: io.printed.join('\n'), err: io.complained.join('\n'), sent: api.requests }
}

describe('bookend simulate', () => {
  test('draws the waterfall of a made-up call, and what the agent would know', async () => {
    const { code, out, sent } = await type('simulate clinic-intake --from +15550100002 --set a=1')
    expect(code).toBe(0)
    expect(sent[0]?.body).toEqual({
      from_number: '+15550100002',
      to_number: '+15550100900',
      params: { a: 1 },
    })
    expect(out).toContain('Before the first word · clinic-intake')
    expect(out).toMatch(/customer_name +Ada/)
    expect(out).toContain('tickets')
    expect(out).toContain('“We are closed”')
    expect(out).not.toContain('Greeting')
    expect(out).toContain('no call was made')
  })

  test('says in red what the workflow threw', async () => {
    const failed = { ...simulation, run: run({ status: 'fallback', error: 'no such column' }) }
    expect((await type('simulate clinic-intake', failed)).out).toContain('↳ no such column')
  })

  test('gives the whole answer as JSON', async () => {
    const { out } = await type('simulate clinic-intake --json')
    expect(JSON.parse(out)).toMatchObject({ simulated: true, run: { workflow: 'clinic-intake' } })
  })

  test('explains the faults of a draft by their place, and sends nothing that cannot be read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bookend-cli-'))
    const file = join(folder, 'draft.yaml')
    await writeFile(file, 'workflow: x')
    const errors = [{ path: '1:1', message: 'nothing starts the workflow' }]
    const problem = { code: 'invalid', detail: 'The text is not a workflow', errors }
    const refused = await type(`simulate clinic-intake --draft ${file}`, problem, 422)
    expect(refused.err).toContain(`${file}:1:1 nothing starts the workflow`)
    expect(refused.sent[0]?.body).toMatchObject({ source: 'workflow: x' })
    await rm(folder, { recursive: true })
    const absent = await type(`simulate clinic-intake --draft ${file}`)
    expect(absent.err).toContain('it is not there')
    expect(absent.sent).toEqual([])
  })

  test('explains a refusal', async () => {
    const problem = { code: 'state_conflict', detail: '"x" is a journey', status: 409 }
    const { code, err } = await type('simulate clinic-intake', problem, 409)
    expect(code).toBe(1)
    expect(err).toContain('"x" is a journey')
  })
})
