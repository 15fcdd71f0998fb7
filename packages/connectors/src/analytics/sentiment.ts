// One reading of what analyzers and platforms say of a caller's mood.
//
//   0.7 · "Positive" · { score: 0.7 } · { label: "positive" } ─▶ label and score

import type { Json } from '@bookend/contract'

interface Sentiment {
  readonly label: 'positive' | 'neutral' | 'negative' | 'mixed' | null
  /** From -1 to 1; null where only a word was said. */
  readonly score: number | null
}

const TITLES = ['sentiment', 'user_sentiment', 'caller_sentiment', 'customer_sentiment']
const LABEL = /^(positive|neutral|negative|mixed)$/i
const UNKNOWN: Sentiment = { label: null, score: null }
/** Closer to zero is neutral: the border that the lexicon of VADER proposes. */
const NEUTRAL_MAX = 0.05

/** @param analysis Results by the analyzer's title. */
export function readSentiment(analysis: Readonly<Record<string, Json>>): Sentiment {
  const byTitle = new Map(
    Object.entries(analysis).map(([title, result]) => [
      title.toLowerCase().replaceAll(/[^a-z]+/g, '_'),
      result,
    ]),
  )
  const told = TITLES.map((title) => byTitle.get(title)).find((result) => result !== undefined)
  return told === undefined ? UNKNOWN : read(told)
}

function read(told: Json): Sentiment {
  if (typeof told === 'number') return ofScore(told)
  if (typeof told === 'string') return { label: labelOf(told), score: null }
  if (typeof told !== 'object' || told === null || Array.isArray(told)) return UNKNOWN
  const score = told['score'] ?? told['compound']
  const word = told['label'] ?? told['sentiment'] ?? told['value']
  const scored = typeof score === 'number' ? ofScore(score) : UNKNOWN
  const label = typeof word === 'string' ? labelOf(word) : null
  return { label: label ?? scored.label, score: scored.score }
}

function ofScore(score: number): Sentiment {
  if (!(score >= -1 && score <= 1)) return UNKNOWN
  if (Math.abs(score) < NEUTRAL_MAX) return { label: 'neutral', score }
  return { label: score > 0 ? 'positive' : 'negative', score }
}

const labelOf = (word: string): Sentiment['label'] =>
  LABEL.test(word.trim()) ? (word.trim().toLowerCase() as Sentiment['label']) : null
