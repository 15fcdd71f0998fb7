import type { Json } from '@bookend/contract'
import vader from 'vader-sentiment'
import { round } from './answer.ts'
import type { Utterance } from './utterances.ts'

/** The border that the lexicon's authors propose. */
const NEUTRAL_MAX = 0.05
/** Longer ones are cut: the mood of a text is told long before. */
const TEXT_MAX = 4_000

/**
 * By VADER's lexicon of English: the mean over utterances that carry a feeling, so that a caller who
 * spells out an address between two complaints is not calmer for it.
 */
export function sentimentOf(utterances: readonly Utterance[]): Readonly<Record<string, Json>> {
  const scores = utterances.map(({ text }) => scoreOf(text))
  const felt = scores.filter((score) => score !== 0)
  const mean = felt.length === 0 ? 0 : felt.reduce((all, score) => all + score, 0) / felt.length
  const score = round(mean, 3)
  return {
    label: Math.abs(score) < NEUTRAL_MAX ? 'neutral' : score > 0 ? 'positive' : 'negative',
    score,
    lowest: round(Math.min(0, ...scores), 3),
    utterances: utterances.length,
  }
}

function scoreOf(text: string): number {
  const { compound } = vader.SentimentIntensityAnalyzer.polarity_scores(text.slice(0, TEXT_MAX))
  return Number.isFinite(compound) ? compound : 0
}

/** Whether its lexicon knows the language of the call. */
export const isFelt = (language: string): boolean => /^en(?:[-_]|$)/i.test(language)
