const KEPT_MS = 600_000
const KEPT_MAX = 5_000

interface Kept {
  readonly id: string
  readonly endsAtMs: number
}

/**
 * Whom this process made under which number. Zendesk finds new people only after minutes, and who
 * calls twice in a row is to be known the second time.
 */
export class RecentCallers {
  readonly #kept = new Map<string, Kept>()

  remember(e164: string, id: string, now: Date): void {
    this.#kept.delete(e164)
    this.#kept.set(e164, { id, endsAtMs: now.getTime() + KEPT_MS })
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > KEPT_MAX && oldest !== undefined) this.#kept.delete(oldest)
  }

  find(e164: string, now: Date): string | null {
    const kept = this.#kept.get(e164)
    return kept !== undefined && now.getTime() < kept.endsAtMs ? kept.id : null
  }
}
