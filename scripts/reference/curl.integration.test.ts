// The commands of the API reference, each run by a shell against a real server in an order in which
// there is something to ask for.

import { routeList, streamList, type RouteName } from '@bookend/contract'
import { execFile, spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testServer, type TestServer } from '../../packages/server/src/testing/server.ts'
import {
  temporaryFolder,
  type TemporaryFolder,
} from '../../packages/server/src/testing/temporary-folder.ts'
import { curlOf, curlOfStream } from './curl.ts'

const run = promisify(execFile)

/** `--json` came with 7.82. */
const [major = 0, minor = 0] = await run('curl', ['--version']).then(
  ({ stdout }) => (/^curl (\d+)\.(\d+)/.exec(stdout) ?? []).slice(1).map(Number),
  () => [],
)
const hasCurl = major > 7 || (major === 7 && minor >= 82)
if (!hasCurl) console.warn('skipped: the commands of the API reference need curl 7.82 or later')

const AFTER_CALL = `workflow: after-call
on: call.completed
steps:
  later:
    call_later: { to: "\${{ call.from_number }}", agent: Front desk, in: 2h }
  ask:
    human:
      title: Call back?
      assign: team:support
      form: { decision: { enum: [call-back, close] } }
      within: 4h
`

const CONFIG = `export default () => ({
  connections: {},
  dialling: { countries: ['US'], numbers: ['+15550100001'] },
})
`

/** What a server that has nothing but this test answers, and why. */
const REFUSED: Readonly<Partial<Record<RouteName, readonly [status: number, why: string]>>> = {
  createCall: [422, 'no voice platform that dials is connected'],
  installConnection: [404, 'no account of HubSpot is connected'],
  retryRun: [409, 'no run has failed'],
  resolveStep: [409, 'no step is maybe done'],
}

/** Makes what the others ask for. */
const FIRST: readonly RouteName[] = [
  'publishWorkflow',
  'createAgent',
  'createNumber',
  'assignAgent',
  'inboundCall',
  'appendTranscript',
  'completeCall',
  'createEvent',
  'createWebhook',
  'testWebhook',
  'createConnection',
  'createPlatform',
  'createKey',
  'createPerson',
]

/** Ends what the others ask for; the answer first, with which the run is over. */
const LAST = [
  'answerHandoff',
  'replayRun',
  'cancelRun',
  'cancelScheduledCall',
  'deletePlatform',
  'deleteConnection',
  'deleteNumber',
  'deleteAgent',
  'unpublishWorkflow',
  'deleteWebhook',
  'deleteKey',
  'deletePerson',
] as const satisfies readonly RouteName[]

/** Where a variable comes from: the answer of a route, and the way to it. */
const TOLD: Readonly<Partial<Record<RouteName, readonly [variable: string, path: string]>>> = {
  publishWorkflow: ['VERSION', 'version'],
  createAgent: ['AGENT_ID', 'id'],
  createNumber: ['NUMBER_ID', 'id'],
  inboundCall: ['CALL_ID', 'call.uuid'],
  createWebhook: ['WEBHOOK_ID', 'id'],
  testWebhook: ['DELIVERY_ID', 'delivery_id'],
  createKey: ['KEY_ID', 'id'],
  createPerson: ['PERSON_ID', 'id'],
  replayRun: ['RUN_ID', 'id'],
}

let folder: TemporaryFolder
let server: TestServer
const variables: Record<string, string> = {}

beforeAll(async () => {
  folder = await temporaryFolder()
  const workflows = join(folder.path, 'workflows')
  await mkdir(workflows)
  await writeFile(join(workflows, 'after-call.journey.yaml'), AFTER_CALL)
  await writeFile(join(folder.path, 'bookend.config.ts'), CONFIG)
  server = await testServer({ env: { BOOKEND_WORKFLOWS: workflows } })
  Object.assign(variables, {
    BOOKEND_URL: server.url,
    BOOKEND_API_KEY: server.key,
    DESK_TOKEN: 'a-token',
    SIP_PASSWORD: 'a-password-of-the-sip-server',
  })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

/** What is answered first; the stream itself is not waited for. */
async function begin(command: string): Promise<number> {
  const shell = spawn('sh', ['-c', `curl() { exec curl -sS -D - "$@"; }\n${command}\n`], {
    env: { PATH: process.env['PATH'] ?? '', ...variables },
  })
  for await (const data of shell.stdout) {
    shell.kill()
    return Number(/^HTTP\/1.1 (\d+)/.exec(String(data))?.[1])
  }
  return 0
}

/** As somebody types it; only what curl says of its progress is left out. */
async function type(command: string): Promise<{ status: number; body: string }> {
  const script = `curl() { command curl -sS --max-time 20 -w '\\n%{http_code}' "$@"; }\n${command}\n`
  const { stdout } = await run('sh', ['-c', script], {
    env: { PATH: process.env['PATH'] ?? '', ...variables },
  }).catch((error: unknown) => error as { stdout: string })
  const at = stdout.lastIndexOf('\n')
  return { status: Number(stdout.slice(at + 1)), body: stdout.slice(0, at) }
}

async function ask(name: RouteName): Promise<string | null> {
  const { status, body } = await type(curlOf(name))
  const [variable, path = ''] = TOLD[name] ?? []
  if (variable !== undefined && status < 300) variables[variable] = valueAt(body, path)
  const expected = REFUSED[name]?.[0]
  const isTaken = expected === undefined ? status >= 200 && status < 300 : status === expected
  return isTaken ? null : `${name}: ${status} ${body}`
}

const valueAt = (body: string, path: string): string =>
  String(
    path
      .split('.')
      .reduce<unknown>(
        (value, key) => (value as Readonly<Record<string, unknown>>)[key],
        JSON.parse(body),
      ),
  )

async function askAll(names: readonly RouteName[]): Promise<readonly string[]> {
  const refused: (string | null)[] = []
  for (const name of names) refused.push(await ask(name))
  return refused.filter((line) => line !== null)
}

/** The journey on the call's end has asked a person, and wants another call. */
async function findWaiting(): Promise<boolean> {
  const { handoffs } = await server.client.call('listHandoffs', {})
  const { scheduled_calls: calls } = await server.client.call('listScheduledCalls', {})
  const [handoff] = handoffs
  const [call] = calls
  if (handoff === undefined || call === undefined) return false
  const found = { HANDOFF_ID: handoff.id, RUN_ID: handoff.run_id, SCHEDULED_CALL_ID: call.id }
  Object.assign(variables, found)
  return true
}

const statusOfRun = async (): Promise<string> =>
  (await server.client.call('getRun', { params: { id: variables['RUN_ID'] ?? '' } })).status

test.runIf(hasCurl)(
  'each command of the API reference is taken',
  async () => {
    expect(await askAll(FIRST)).toEqual([])
    await expect.poll(findWaiting).toBe(true)
    const rest = routeList.map(({ name }) => name)
    const between = rest.filter(
      (name) => !FIRST.includes(name) && !LAST.some((other) => other === name),
    )
    expect(await askAll(between)).toEqual([])
    const [answer, ...last] = LAST
    expect(await ask(answer)).toBe(null)
    await expect.poll(statusOfRun).toBe('completed')
    expect(await askAll(last)).toEqual([])
  },
  120_000,
)

test.runIf(hasCurl)('each stream of the API reference begins', async () => {
  const started = streamList.map(async (stream) => [stream.path, await begin(curlOfStream(stream))])
  expect(Object.fromEntries(await Promise.all(started))).toEqual({
    '/calls/{id}/live': 200,
    // No language model is configured.
    '/calls/{id}/say': 422,
    '/stream': 200,
  })
})
