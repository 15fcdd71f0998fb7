// One cheap read that tells whether a connection works, asked for by a person.
//
// C1. Under a client of its own: what a workflow has open proves nothing of the credential.
// C2. It is over within ten seconds, and never throws for what the other system does.

import type { ConnectionChecked } from '@bookend/contract'
import type { ActionContext, CheckResult, Clock, ConnectorLog } from '@bookend/core'
import { ConnectorFault, fitText, phoneTools } from '@bookend/core'
import { randomUUID } from 'node:crypto'
import type { ConfiguredConnection } from '../configured.ts'
import { reachOf, type Outgoing } from '../reach-of.ts'
import { ActionOverranError, runLimited } from '../run-limited.ts'

const CHECK_MS = 10_000

export interface CheckTools {
  readonly clock: Clock
  readonly outgoing: Outgoing
  readonly log: ConnectorLog
}

export interface Checked {
  readonly answer: ConnectionChecked
  /** What the system did with the credential; undefined: nothing was asked. */
  readonly fault?: ConnectorFault | null
}

export async function checkConnection(
  tools: CheckTools,
  connection: ConfiguredConnection,
): Promise<Checked> {
  const startedAtMs = tools.clock.monotonicMs()
  const tookMs = (): number => Math.round(tools.clock.monotonicMs() - startedAtMs)
  const nothing = { account: null, warnings: [] }
  if (connection.unusable !== undefined) {
    const code = connection.unusable
    return { answer: { ok: false, code, detail: explain(code), ...nothing, took_ms: 0 } }
  }
  if (connection.connector.check === undefined) {
    const detail = `The settings are as they must be; ${connection.connector.label} has no check of the credential`
    return { answer: { ok: true, code: 'not_asked', detail, ...nothing, took_ms: tookMs() } }
  }
  try {
    const { account, warnings } = await ask(tools, connection)
    const detail = account === null ? 'The credential is good' : `The credential opens ${account}`
    const answer = { ok: true, code: 'ok', detail, account, warnings: [...warnings] }
    return { answer: { ...answer, took_ms: tookMs() }, fault: null }
  } catch (error) {
    const fault = faultOf(error, tools.log, connection.name)
    const code = fault.verdict.detail.slice(0, 200)
    const answer = { ok: false, code, detail: fault.message.slice(0, 500), ...nothing }
    return { answer: { ...answer, took_ms: tookMs() }, fault }
  }
}

async function ask(
  { clock, outgoing, log }: CheckTools,
  connection: ConfiguredConnection,
): Promise<CheckResult> {
  const { connector, settings, auth } = connection
  const reach = reachOf(outgoing, connection)
  const client = connector.client?.open(settings, auth, reach)
  const endsAtMs = clock.monotonicMs() + CHECK_MS
  const { signal } = new AbortController()
  const key = randomUUID()
  const context: Omit<ActionContext<unknown, unknown, unknown>, 'signal'> = {
    settings,
    auth,
    client,
    http: outgoing,
    reach,
    remainingMs: () => Math.max(0, endsAtMs - clock.monotonicMs()),
    now: () => clock.now(),
    key,
    subjectKey: key,
    phone: phoneTools,
    fit: fitText,
    log,
  }
  try {
    return await runLimited({ clock, limitMs: CHECK_MS, signal }, async (limited) => {
      const result = await connector.check?.({ ...context, signal: limited })
      return result ?? { account: null, warnings: [] }
    })
  } finally {
    await connector.client?.close(client).catch(() => undefined)
  }
}

function faultOf(error: unknown, log: ConnectorLog, name: string): ConnectorFault {
  if (error instanceof ConnectorFault) return error
  if (error instanceof ActionOverranError) {
    return new ConnectorFault({ kind: 'retry', detail: 'timeout' })
  }
  const type = error instanceof Error ? error.name : typeof error
  log.warn({ connection: name, type }, 'the check of a connector threw')
  return new ConnectorFault({ kind: 'retry', detail: 'connector_threw' })
}

const WORDS: Readonly<Record<string, string>> = {
  settings_invalid: 'The settings are no longer as the connector needs them; save them again',
  credential_missing: 'There is no credential; enter one',
  credential_moved: 'The credential was entered for another address; enter it again',
  credential_unreadable: 'The credential was stored under another secret key; enter it again',
  credential_invalid: 'The credential is no longer as the connector needs it; enter it again',
}

const explain = (code: string): string => WORDS[code] ?? 'The connection cannot be used'
