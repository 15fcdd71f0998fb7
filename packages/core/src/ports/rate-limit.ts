// What a system said, or is assumed to hold to, of how much it may be asked.

/** So many requests in so long; assumed until the system's own answers say otherwise. */
export interface BucketRule {
  readonly limit: number
  readonly perMs: number
}

/** What one answer tells of a bucket. */
export interface SeenLimit {
  /** The action's own when left out. */
  readonly bucket?: string
  /** Null: not told. */
  readonly limit: number | null
  readonly remaining: number
  /** When `remaining` is `limit` again; null: not told. */
  readonly resetAt: Date | null
}

export interface LimitsAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly now: Date
}
