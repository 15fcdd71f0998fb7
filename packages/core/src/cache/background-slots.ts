/** How many look-ups may run with nobody waiting for them, in all and of one workspace. */
export class BackgroundSlots {
  readonly #max: number
  readonly #maxPerWorkspace: number
  readonly #taken = new Map<string, number>()
  #total = 0

  constructor(max: number, maxPerWorkspace: number) {
    this.#max = max
    this.#maxPerWorkspace = maxPerWorkspace
  }

  /** False: none is free, and nothing was taken. */
  take(workspaceId: string): boolean {
    const own = this.#taken.get(workspaceId) ?? 0
    if (this.#total >= this.#max || own >= this.#maxPerWorkspace) return false
    this.#taken.set(workspaceId, own + 1)
    this.#total += 1
    return true
  }

  release(workspaceId: string): void {
    const own = (this.#taken.get(workspaceId) ?? 0) - 1
    if (own <= 0) this.#taken.delete(workspaceId)
    else this.#taken.set(workspaceId, own)
    this.#total -= 1
  }
}
