// A worker process with the engine alone, for tests of what its death leaves. Says on standard
// output, one line each, what its journeys come by; SIGTERM closes it.

import { AsyncLocalStorage } from 'node:async_hooks'
import { openChanges } from '../../changes/changes.ts'
import type { CallingStep } from '../../connections/runtime.ts'
import { openDatabase } from '../../store/database.ts'
import { systemClock } from '../../system-clock.ts'
import { noPauses } from '../../pauses/pauses.ts'
import { createEngine } from '../create-engine.ts'
import { hostJourneys, type HostOptions } from './host-journeys.ts'
import { openEffects, registryOf } from './journeys.ts'
import { testCalls } from './test-calls.ts'
import { testLinks } from './test-links.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const complain = (fields: object, message: string): void =>
  void process.stderr.write(`${message} ${JSON.stringify(fields)}\n`)

const [, , text] = process.argv
if (text === undefined) throw new Error('Which options?')
const options = JSON.parse(text) as HostOptions
const { databaseUrl } = options
const database = openDatabase(databaseUrl)
const effects = openEffects(databaseUrl)
const steps = new AsyncLocalStorage<CallingStep>()

/** An action that no receiver could recognise when it came again, and whose answer never comes. */
async function sendMail(): Promise<void> {
  const write = { connection: 'smtp/main', action: 'mail.send', class: 'none', key: '' } as const
  await steps.getStore()?.beforeWrite?.(write)
  say('sent')
  await new Promise<never>(() => undefined)
}

const log = { info: () => undefined, warn: complain, error: complain }
const changes = await openChanges({ databaseUrl, log, clock: systemClock })
const engine = await createEngine({
  database,
  databaseUrl,
  registry: registryOf(hostJourneys(options, effects, say)),
  connections: {
    handlesFor: () => ({ mail: { send: sendMail } }),
    enter: (step, run) => steps.run(step, run),
  },
  findCall: async () => null,
  changes,
  pauses: noPauses,
  links: testLinks,
  calls: testCalls,
  clock: systemClock,
  log,
  runs: true,
})
process.once('SIGTERM', () => {
  void engine.close().then(async () => {
    await changes.close()
    await effects.close()
    await database.close()
    say('closed')
    process.exit(0)
  })
})
say('ready')
