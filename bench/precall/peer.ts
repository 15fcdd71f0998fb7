// The servers that are compared, each in a process of its own, all asked for the same three lookups.

import { createApiKey } from '@bookend/core'
import { createClient, type Client } from '@bookend/sdk/client'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChild, type Child } from '../testing/child.ts'
import { Driver, type Question } from '../testing/load.ts'

/** Work that every peer does; and the first once more, as Bookend does it from a file in YAML. */
export type Work = 'three-lookups' | 'no-lookups'
export type OwnWork = Work | 'three-lookups-yaml'

export interface Peer extends AsyncDisposable {
  readonly name: string
  readonly pid: number
  readonly driver: Driver
  readonly questions: Readonly<Record<Work, Question>>
  /** Resolves when it does no more work for calls that it has answered. */
  settle(): Promise<void>
}

const NUMBERS = {
  'three-lookups': '+15550100900',
  'no-lookups': '+15550100901',
  'three-lookups-yaml': '+15550100902',
} as const satisfies Record<OwnWork, string>
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
/** Another caller each time, so that nothing is gained from having seen one. */
const bodyOf =
  (work: OwnWork) =>
  (call: number): string =>
    JSON.stringify({
      from_number: `+1555${String(1_000_000 + (call % 9_000_000))}`,
      to_number: NUMBERS[work],
      params: {},
    })
const typescript = ['--import', 'tsx']
const hasLookups = (answer: string): boolean => answer.includes('"customer_name":"Ada"')

export const startLookupService = (): Promise<Child> =>
  startChild({ args: [...typescript, at('peers/lookup-service.ts')] })

/** @param socketDir Of the database that `by-hand-record` stores in. */
export async function startPeer(
  file: 'bare' | 'by-hand' | 'by-hand-record',
  lookupUrl: string,
  socketDir = '',
): Promise<Peer> {
  const token = 'a-token-of-forty-characters-or-so-0123456'
  const child = await startChild({
    args: [...typescript, at(`peers/${file}.ts`)],
    env: { LOOKUP_URL: lookupUrl, TOKEN: token, NODE_ENV: 'production', PGHOST_DIR: socketDir },
  })
  const questionOf = (work: Work): Question => ({
    path: `/${work}`,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: bodyOf(work),
    isRight: hasLookups,
  })
  return assemble(file, child, questionOf, async () => undefined)
}

export interface OwnPeer extends Peer {
  readonly yaml: Question
  /** Of its database. */
  readonly socketDir: string
}

export interface BookendOptions {
  readonly lookupUrl: string
  readonly dataDir: string
  /** Node's own options, such as `--cpu-prof`. */
  readonly nodeArgs: readonly string[]
}

/** The built server as `bookend start` runs it, on its embedded database. */
export async function startBookend(options: BookendOptions): Promise<OwnPeer> {
  const { key } = createApiKey()
  const child = await startChild({
    args: [...options.nodeArgs, at('../../packages/cli/bin/bookend.mjs'), 'start'],
    env: {
      PORT: '0',
      BOOKEND_DATA_DIR: options.dataDir,
      BOOKEND_WORKFLOWS: at('workflows'),
      BOOKEND_ALLOW_PRIVATE_TARGETS: 'true',
      BOOKEND_API_KEY: key,
      DATABASE_URL: '',
      LOOKUP_URL: options.lookupUrl,
      NODE_ENV: 'production',
    },
  })
  const client = createClient({ baseUrl: child.url, key })
  const works = Object.keys(NUMBERS) as OwnWork[]
  await Promise.all(works.map((work) => addAgent(client, work)))
  const questionOf = (work: OwnWork): Question => ({
    path: '/api/v1/calls/inbound',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: bodyOf(work),
    isRight: (answer) => hasLookups(answer) && answer.includes('"status":"answered"'),
  })
  return {
    ...assemble('bookend', child, questionOf, () => untilStored(child.url)),
    yaml: questionOf('three-lookups-yaml'),
    socketDir: join(options.dataDir, 'run'),
  }
}

async function addAgent(client: Client, work: OwnWork): Promise<void> {
  const agent = await client.call('createAgent', {
    body: {
      name: `Bench ${work}`,
      prompt: 'You speak with {{customer_name}}, plan {{plan}}, {{open_tickets}} open tickets.',
      pre_call_webhook_enabled: true,
      pre_call_webhook_url: `workflow:${work}`,
      pre_call_webhook_timeout: 5,
    },
  })
  const number = await client.call('createNumber', { body: { number: NUMBERS[work] } })
  await client.call('assignAgent', { params: { id: number.id }, body: { agent_uuid: agent.id } })
}

/** Work after an answer belongs to the server that gave it, not to the next one that is measured. */
async function untilStored(url: string): Promise<void> {
  for (;;) {
    const figures = await (await fetch(`${url}/metrics`)).text()
    if (/^bookend_calls_waiting_to_be_stored 0$/m.test(figures)) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function assemble(
  name: string,
  child: Child,
  questionOf: (work: Work) => Question,
  settle: () => Promise<void>,
): Peer {
  const driver = new Driver(child.url)
  return {
    name,
    pid: child.pid,
    driver,
    questions: {
      'three-lookups': questionOf('three-lookups'),
      'no-lookups': questionOf('no-lookups'),
    },
    settle,
    async [Symbol.asyncDispose]() {
      await driver[Symbol.asyncDispose]()
      await child[Symbol.asyncDispose]()
    },
  }
}
