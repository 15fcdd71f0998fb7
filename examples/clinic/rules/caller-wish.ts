import { callerLines } from './caller-lines.ts'

export type Wish = 'appointment' | 'prescription' | 'billing' | 'results' | 'callback'

// The first that fits wins, so the one with consequences for a person's day comes first.
const WISHES: readonly (readonly [Wish, RegExp])[] = [
  [
    'callback',
    /\b(call|ring|phone) me( back)?\b|\bcall ?back\b|\bspeak to (a|the) (doctor|nurse|manager)\b/i,
  ],
  ['prescription', /\b(refill|prescription|run out of|ran out of)\b/i],
  ['results', /\b(test|lab|blood|scan) results?\b/i],
  ['billing', /\b(invoice|bill(ed|ing)?|charged?|payment)\b/i],
  ['appointment', /\b(appointment|book|reschedule|move my|cancel|come in)\b/i],
]

/** What the caller asked for, in the caller's own line; null for a call that asked for nothing. */
export function findWish(
  call: Parameters<typeof callerLines>[0],
): { readonly wish: Wish; readonly line: string } | null {
  const lines = callerLines(call)
  for (const [wish, pattern] of WISHES) {
    const line = lines.find((text) => pattern.test(text))
    if (line !== undefined) return { wish, line }
  }
  return null
}
