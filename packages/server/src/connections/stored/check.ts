// One cheap read that tells whether a connection works, asked for by a person.
//
// C1. It is over within ten seconds, and never throws for what the other system does.

import type { ConnectionChecked } from '@bookend/contract'
import type { ConnectorFault } from '@bookend/core'
import type { ConfiguredConnection } from '../configured.ts'
import { askConnection, type AskTools, explain, faultOf } from './ask-connection.ts'

const CHECK_MS = 10_000

export interface Checked {
  readonly answer: ConnectionChecked
  /** What the system did with the credential; undefined: nothing was asked. */
  readonly fault?: ConnectorFault | null
}

export async function checkConnection(
  tools: AskTools,
  connection: ConfiguredConnection,
): Promise<Checked> {
  const startedAtMs = tools.clock.monotonicMs()
  const tookMs = (): number => Math.round(tools.clock.monotonicMs() - startedAtMs)
  const nothing = { account: null, warnings: [] }
  if (connection.unusable !== undefined) {
    const code = connection.unusable
    return { answer: { ok: false, code, detail: explain(code), ...nothing, took_ms: 0 } }
  }
  const { connector } = connection
  const check = connector.check?.bind(connector)
  if (check === undefined) {
    const detail = `The settings are as they must be; ${connection.connector.label} has no check of the credential`
    return { answer: { ok: true, code: 'not_asked', detail, ...nothing, took_ms: tookMs() } }
  }
  try {
    const { account, warnings } = await askConnection(tools, connection, CHECK_MS, check)
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
