// Results in memory, by workspace and key, the least recently used first.
//
// S1. Neither the bytes nor the number of entries passes its bound; the key and the entry's own
//     weight count too.
// S2. What must go is taken from the workspace that holds most: one that asks much drops its own.
// S3. What nobody may be served any more is dropped as others are stored.

export interface StoredResult {
  readonly text: string
  readonly storedAtMs: number
  readonly dropAtMs: number
}

export interface StoreBounds {
  readonly entriesMax: number
  readonly bytesMax: number
  /** A larger result is not kept at all. */
  readonly entryBytesMax: number
}

interface Share {
  readonly entries: Map<string, StoredResult & { readonly bytes: number }>
  bytes: number
}

const ENTRY_BYTES = 200
const BYTES_PER_CHARACTER = 2
const SWEEP_MAX = 4

export class LruStore {
  readonly #bounds: StoreBounds
  readonly #shares = new Map<string, Share>()
  #entries = 0
  #bytes = 0

  constructor(bounds: StoreBounds) {
    this.#bounds = bounds
  }

  get entries(): number {
    return this.#entries
  }

  get bytes(): number {
    return this.#bytes
  }

  find(workspaceId: string, key: string): StoredResult | undefined {
    const share = this.#shares.get(workspaceId)
    const found = share?.entries.get(key)
    if (share === undefined || found === undefined) return undefined
    share.entries.delete(key)
    share.entries.set(key, found)
    return found
  }

  put(workspaceId: string, key: string, result: StoredResult): void {
    const bytes = ENTRY_BYTES + BYTES_PER_CHARACTER * (key.length + result.text.length)
    this.#remove(workspaceId, key)
    if (bytes > this.#bounds.entryBytesMax) return
    const share = this.#shares.get(workspaceId) ?? { entries: new Map(), bytes: 0 }
    this.#shares.set(workspaceId, share)
    share.entries.set(key, { ...result, bytes })
    share.bytes += bytes
    this.#entries += 1
    this.#bytes += bytes
    this.#sweep(workspaceId, share, result.storedAtMs)
    while (this.#entries > this.#bounds.entriesMax) this.#evict((one) => one.entries.size)
    while (this.#bytes > this.#bounds.bytesMax) this.#evict((one) => one.bytes)
  }

  clear(): void {
    this.#shares.clear()
    this.#entries = 0
    this.#bytes = 0
  }

  #remove(workspaceId: string, key: string): void {
    const share = this.#shares.get(workspaceId)
    const found = share?.entries.get(key)
    if (share === undefined || found === undefined) return
    share.entries.delete(key)
    share.bytes -= found.bytes
    this.#entries -= 1
    this.#bytes -= found.bytes
    if (share.entries.size === 0) this.#shares.delete(workspaceId)
  }

  #sweep(workspaceId: string, share: Share, nowMs: number): void {
    let looked = 0
    for (const [key, { dropAtMs }] of share.entries) {
      if ((looked += 1) > SWEEP_MAX) return
      if (dropAtMs <= nowMs) this.#remove(workspaceId, key)
    }
  }

  #evict(weigh: (share: Share) => number): void {
    let heaviest: [string, Share] | undefined
    for (const one of this.#shares) {
      if (heaviest === undefined || weigh(one[1]) > weigh(heaviest[1])) heaviest = one
    }
    const oldest = heaviest?.[1].entries.keys().next().value
    if (heaviest !== undefined && oldest !== undefined) this.#remove(heaviest[0], oldest)
  }
}
