// What a person asks of a connection, outside of any workflow.
//
// A1. Under a client of its own: what a workflow has open proves nothing of the credential.
// A2. It is over in time, and whatever the other system does is a fault with a verdict.

import type { ActionContext, Clock, ConnectorLog } from '@bookend/core'
import { ConnectorFault, fitText, phoneTools } from '@bookend/core'
import { randomUUID } from 'node:crypto'
import type { ConfiguredConnection } from '../configured.ts'
import { reachOf, type Outgoing } from '../reach-of.ts'
import { ActionOverranError, runLimited } from '../run-limited.ts'

export interface AskTools {
  readonly clock: Clock
  readonly outgoing: Outgoing
  readonly log: ConnectorLog
}

export async function askConnection<T>(
  { clock, outgoing, log }: AskTools,
  connection: ConfiguredConnection,
  limitMs: number,
  work: (ctx: ActionContext<unknown, unknown, unknown>) => Promise<T>,
): Promise<T> {
  const { connector, settings, auth } = connection
  const reach = reachOf(outgoing, connection)
  const client = connector.client?.open(settings, auth, reach)
  const endsAtMs = clock.monotonicMs() + limitMs
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
    return await runLimited({ clock, limitMs, signal }, (limited) =>
      work({ ...context, signal: limited }),
    )
  } finally {
    await connector.client?.close(client).catch(() => undefined)
  }
}

export function faultOf(error: unknown, log: ConnectorLog, name: string): ConnectorFault {
  if (error instanceof ConnectorFault) return error
  if (error instanceof ActionOverranError) {
    return new ConnectorFault({ kind: 'retry', detail: 'timeout' })
  }
  const type = error instanceof Error ? error.name : typeof error
  log.warn({ connection: name, type }, 'a connector threw')
  return new ConnectorFault({ kind: 'retry', detail: 'connector_threw' })
}

const WORDS: Readonly<Record<string, string>> = {
  settings_invalid: 'The settings are no longer as the connector needs them; save them again',
  credential_missing: 'There is no credential; enter one',
  credential_moved: 'The credential was entered for another address; enter it again',
  credential_unreadable: 'The credential was stored under another secret key; enter it again',
  credential_invalid: 'The credential is no longer as the connector needs it; enter it again',
}

export const explain = (code: string): string => WORDS[code] ?? 'The connection cannot be used'
