import { writeFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { main } from '../main.ts'
import { capturedIo } from '../testing/captured-io.ts'
import { fakeApi, type FakeApi, type FakeRoutes } from '../testing/fake-api.ts'

const VERSION = '0123456789abcdef'
const NOW = 'fedcba9876543210'
const intake = {
  name: 'intake',
  kind: 'pre-call',
  form: 'yaml',
  origin: 'published',
  version: VERSION,
  budget_ms: 1_000,
  worst_case_ms: 800,
  on: null,
  parameters: ['greeting'],
  connections: { desk: 'http/desk' },
  updated_at: '2026-01-01T00:00:00.000Z',
  source: 'workflow: intake\non: pre-call\n',
  steps: [
    {
      name: 'caller',
      kind: 'use',
      use: 'desk.request.get',
      effect: 'read',
      needs: [],
      if: null,
      limit_ms: 800,
      after_answer: false,
      in_answer: true,
      line: 7,
    },
  ],
}
const warning = {
  code: 'unused',
  message: 'steps.idle: nothing uses this step',
  line: 7,
  column: 10,
  agent: null,
}

let cwd: string
let api: FakeApi | undefined
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'bookend-cli-'))
})
afterEach(async () => {
  await api?.[Symbol.asyncDispose]()
  await rm(cwd, { recursive: true })
})

async function type(line: string, routes: FakeRoutes) {
  api = await fakeApi(routes)
  const io = capturedIo({ cwd, env: { BOOKEND_URL: api.url, BOOKEND_API_KEY: 'bk_key' } })
  const code = await main(line.split(' '), io)
  return { code, out: io.printed.join('\n'), err: io.complained.join('\n') }
}

describe('bookend workflows', () => {
  test('lists what the server runs', async () => {
    const { out } = await type('workflows', {
      'GET /workflows': () => ({ body: { workflows: [intake] } }),
    })
    expect(out).toContain('intake    before a call, within 1000 ms  yaml  published')
  })

  test('shows steps, and the text alone when asked', async () => {
    const routes: FakeRoutes = { 'GET /workflows/intake': () => ({ body: intake }) }
    const shown = await type('workflows show intake', routes)
    expect(shown.out).toMatch(/caller +desk\.request\.get +800 ms/)
    await api?.[Symbol.asyncDispose]()
    const { out } = await type('workflows show intake --source', routes)
    expect(out).toBe('workflow: intake\non: pre-call')
  })

  test('lists versions, and says which is active and who made it so', async () => {
    const { out } = await type('workflows versions intake', {
      'GET /workflows/intake/versions': () => ({
        body: {
          versions: [
            {
              version: NOW,
              form: 'yaml',
              active: true,
              published_at: '2026-02-03T04:05:06Z',
              published_by: 'Ada',
            },
            {
              version: VERSION,
              form: 'typescript',
              active: false,
              created_at: '2026-01-01T00:00:00Z',
              published_at: null,
              published_by: null,
            },
          ],
        },
      }),
    })
    expect(out).toMatch(/● +fedcba9876543210 +yaml +2026-02-03 04:05 +Ada/)
    expect(out).toMatch(/0123456789abcdef +typescript +2026-01-01 00:00 +a file/)
  })

  test('unpublishes', async () => {
    const { code, out } = await type('workflows unpublish intake', {
      'DELETE /workflows/intake': () => ({ body: {} }),
    })
    expect([code, out]).toEqual([0, 'intake is not in use any more; its versions are kept.'])
  })
})

describe('bookend workflows publish', () => {
  beforeEach(() => writeFile(join(cwd, 'intake.pre-call.yaml'), 'workflow: intake\n'))
  const gone = { status: 404, body: { code: 'not_found', detail: 'There is no such workflow' } }

  test('sends the text under the name of its file, and shows warnings by their place', async () => {
    const { code, out } = await type('workflows publish intake.pre-call.yaml', {
      'GET /workflows/intake': () => gone,
      'PUT /workflows/intake': () => ({ body: { ...intake, version: NOW, warnings: [warning] } }),
    })
    expect(code).toBe(0)
    expect(out.split('\n')).toEqual([
      '! intake.pre-call.yaml:7:10 steps.idle: nothing uses this step',
      `intake is at ${NOW} now; it is new.`,
    ])
    expect(api?.requests.at(-1)?.body).toEqual({ source: 'workflow: intake\n' })
  })

  test('replaces what is there, and says what that was', async () => {
    const { out } = await type('workflows publish intake.pre-call.yaml', {
      'GET /workflows/intake': () => ({ body: intake }),
      'PUT /workflows/intake': () => ({ body: { ...intake, version: NOW, warnings: [] } }),
    })
    expect(out).toBe(`intake is at ${NOW} now; it was ${VERSION}.`)
  })

  test('tells every fault as file:line:column, with exit code 1', async () => {
    const errors = [
      { path: '3:1', message: 'budgt: there is no field "budgt" (did you mean "budget"?)' },
      { path: '4:10', message: 'steps.a: the step does nothing' },
    ]
    const { code, err } = await type('workflows publish intake.pre-call.yaml', {
      'GET /workflows/intake': () => gone,
      'PUT /workflows/intake': () => ({
        status: 422,
        body: { code: 'invalid', detail: 'The text is not a workflow', errors },
      }),
    })
    expect(code).toBe(1)
    expect(err).toContain(
      'intake.pre-call.yaml:3:1 budgt: there is no field "budgt" (did you mean "budget"?)',
    )
    expect(err).toContain('intake.pre-call.yaml:4:10 steps.a: the step does nothing')
  })

  test('says what to do when somebody else was faster', async () => {
    const { code, err } = await type(`workflows publish intake.pre-call.yaml --from ${VERSION}`, {
      'PUT /workflows/intake': () => ({
        status: 409,
        body: { code: 'version_conflict', detail: `"intake" is at version ${NOW}` },
      }),
    })
    expect(code).toBe(1)
    expect(err).toContain(`"intake" is at version ${NOW}`)
    expect(err).toContain('--from <version>')
  })

  test('only checks when asked, with exit code 1 for a faulty text', async () => {
    const problem = { line: 3, column: 1, path: 'budgt', message: 'no such field', hint: 'budget' }
    const verdict = { valid: false, problems: [problem], warnings: [], kind: null, version: null }
    const { code, out } = await type('workflows publish intake.pre-call.yaml --check', {
      'POST /workflows/intake/check': () => ({ body: verdict }),
    })
    expect([code, out]).toEqual([1, '✗ intake.pre-call.yaml:3:1 budgt: no such field (budget)'])
  })

  test.each([
    ['intake.pre-call.ts', 'does not end with .yaml'],
    ['absent.yaml', 'it is not there'],
  ])('refuses %s before anything is sent', async (file, message) => {
    const { code, err } = await type(`workflows publish ${file}`, {})
    expect([code, api?.requests.length]).toEqual([1, 0])
    expect(err).toContain(message)
  })
})
