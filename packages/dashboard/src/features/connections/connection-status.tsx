import type { Connection } from '@bookend/contract'
import type { State } from '../../theme/states.ts'
import { StateBadge } from '../../ui/state-badge.tsx'

const LOOKS = {
  ok: { state: 'ok', word: 'ok' },
  needs_attention: { state: 'failed', word: 'refused' },
  needs_credential: { state: 'human', word: 'needs its credential' },
} as const satisfies Record<Connection['status'], { state: State; word: string }>

/** A connection that fails much is not `ok`, although its credential is. */
export function ConnectionStatus({ connection }: { connection: Connection }) {
  const { status, health } = connection
  if (status === 'ok' && health.circuit !== 'closed') {
    return <StateBadge state="failed">left alone</StateBadge>
  }
  if (status === 'ok' && health.last_used_at === null) {
    return <StateBadge state="skipped">not used yet</StateBadge>
  }
  const { state, word } = LOOKS[status]
  return <StateBadge state={state}>{word}</StateBadge>
}

const WORDS: Readonly<Record<string, string>> = {
  credential_moved: 'The settings lead to another address: enter the credential again.',
  credential_missing: 'There is no credential yet.',
  credential_unreadable: 'The credential was stored under another secret key: enter it again.',
  credential_invalid: 'The credential is not as the connector needs it: enter it again.',
  settings_invalid: 'The settings are not as the connector needs them: save them again.',
  connector_unknown: 'This version of Bookend has no such connector.',
}

/** Null: there is nothing to say. */
export function explainStatus({ status, status_code: code }: Connection): string | null {
  if (status === 'ok' || code === null) return null
  if (status === 'needs_attention') {
    return `The system refuses the credential (${code}): replace it, or check what it may do there.`
  }
  return WORDS[code] ?? `It cannot be used (${code}).`
}

/** What fails comes first, then by name. */
export function sortByNeed(connections: readonly Connection[]): readonly Connection[] {
  const rank = ({ status, health }: Connection): number =>
    status !== 'ok' ? 0 : health.circuit !== 'closed' ? 1 : 2
  return connections.toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))
}
