import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { main } from '../main.ts'
import { capturedIo } from '../testing/captured-io.ts'

const HELLO = `workflow: hello
on: pre-call
budget: 1s
parameters: { name: { type: string, default: there } }
respond: { parameters: { name: "\${{ call.from_number }}" } }
`

// It is large, and read here from its source.
beforeAll(() => import('@bookend/server/offline'), 60_000)

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'bookend-cli-'))
  await mkdir(join(root, 'workflows'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

const write = (file: string, text: string): Promise<void> =>
  writeFile(join(root, 'workflows', file), text)

async function check(...words: readonly string[]) {
  const io = capturedIo({ cwd: root })
  const code = await main(['check', ...words], io)
  return { code, printed: io.printed, complained: io.complained }
}

describe('bookend check', () => {
  test('says what is there, with its budget and its worst case', async () => {
    await write('hello.pre-call.yaml', HELLO)
    expect(await check()).toMatchObject({
      code: 0,
      printed: [
        '✓ hello.pre-call.yaml  pre-call, budget 1000 ms, at worst 0 ms',
        '1 workflow, 0 problems, 0 warnings',
      ],
    })
  })

  test('says what is wrong as file:line:column, with what would be right, and ends with 1', async () => {
    await write('hello.pre-call.yaml', HELLO.replace('from_number', 'form_number'))
    expect(await check('workflows')).toMatchObject({
      code: 1,
      printed: [
        '✗ hello.pre-call.yaml:5:37 respond.parameters.name: there is no field "form_number" (did you mean "from_number"?)',
        '0 workflows, 1 problem, 0 warnings',
      ],
    })
  })

  test('prints JSON for programs, with the same exit code', async () => {
    await write('hello.pre-call.yaml', 'workflow: hello')
    const { code, printed } = await check('--json')
    expect(code).toBe(1)
    expect(JSON.parse(printed.join(''))).toMatchObject({ workflows: [], problems: { length: 2 } })
  })

  test('of an empty folder says how files are named', async () => {
    expect((await check()).printed.join()).toContain('.pre-call.yaml')
  })

  test('of a folder that is not there says so', async () => {
    const { code, complained } = await check('gone')
    expect([code, complained[0]]).toEqual([1, 'bookend: There is no folder "gone"'])
  })
})
