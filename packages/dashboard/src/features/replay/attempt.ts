// What a past run is tried on: what is in use, a version of before, or a text that is nowhere yet.

export type Attempt =
  | { kind: 'active' }
  | { kind: 'version'; version: string }
  | { kind: 'text'; source: string }

/** As a button names it. */
export function renderAttempt(attempt: Attempt, active: string | undefined): string {
  switch (attempt.kind) {
    case 'active':
      return active === undefined ? 'what is in use' : active.slice(0, 8)
    case 'version':
      return attempt.version.slice(0, 8)
    case 'text':
      return 'your text'
  }
}
