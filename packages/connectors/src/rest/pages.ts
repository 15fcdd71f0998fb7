// Reads page after page, and never without end.
//
// G1. At most so many pages and items, whatever the system says is still to come.
// G2. A cursor that comes again ends the reading: the system goes round in a circle.

export interface Page<Item> {
  readonly items: readonly Item[]
  /** What asks for the next page; null is the end. */
  readonly next: string | null
}

export interface Collected<Item> {
  readonly items: readonly Item[]
  /** There is more than was read. */
  readonly isCut: boolean
}

export interface PageLimits {
  readonly itemsMax: number
  /** 10 when left out. */
  readonly pagesMax?: number
}

const PAGES_MAX = 10

export async function collectPages<Item>(
  read: (cursor: string | null) => Promise<Page<Item>>,
  { itemsMax, pagesMax = PAGES_MAX }: PageLimits,
): Promise<Collected<Item>> {
  const items: Item[] = []
  const seen = new Set<string>()
  let cursor: string | null = null
  for (let page = 0; page < pagesMax; page += 1) {
    const found: Page<Item> = await read(cursor)
    items.push(...found.items)
    cursor = found.next
    const isFull = items.length > itemsMax || (items.length === itemsMax && cursor !== null)
    if (isFull) return { items: items.slice(0, itemsMax), isCut: true }
    if (cursor === null) return { items, isCut: false }
    if (seen.has(cursor)) break
    seen.add(cursor)
  }
  return { items, isCut: true }
}
