import type { Json } from '@bookend/contract'
import { wordsOf, type Utterance } from './utterances.ts'

/** How often each word or phrase was said, as whole words in any case; those that were not are left out. */
export function countKeywords(
  utterances: readonly Utterance[],
  keywords: readonly string[],
): Readonly<Record<string, Json>> {
  const phrases = new Map<string, { keyword: string; words: readonly string[] }[]>()
  for (const keyword of new Set(keywords)) {
    const words = wordsOf(keyword)
    const [first] = words
    if (first === undefined) continue
    const sameStart = phrases.get(first) ?? []
    sameStart.push({ keyword, words })
    phrases.set(first, sameStart)
  }
  const counts = new Map<string, number>()
  for (const { text } of utterances) {
    const said = wordsOf(text)
    said.forEach((word, at) => {
      for (const { keyword, words } of phrases.get(word) ?? []) {
        const isSaid = words.every((part, index) => said[at + index] === part)
        if (isSaid) counts.set(keyword, (counts.get(keyword) ?? 0) + 1)
      }
    })
  }
  const total = [...counts.values()].reduce((all, count) => all + count, 0)
  return { total, found: Object.fromEntries(counts) }
}
