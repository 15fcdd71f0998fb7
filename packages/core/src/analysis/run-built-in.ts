// The analyzers that need no model, as one pure function.

import type { Analyzer, Call, Json } from '@bookend/contract'
import { answered, failed, type AnalyzerAnswer } from './answer.ts'
import { countKeywords } from './keywords.ts'
import { interruptions, longestMonologue, responseLatency, silence, talkRatio } from './measures.ts'
import { judgeOutcome } from './outcome.ts'
import { isFelt, sentimentOf } from './sentiment.ts'
import { spokenBy, timed, utterancesOf, type TimedUtterance } from './utterances.ts'

export type BuiltInAnalyzer = Analyzer & {
  readonly kind: Exclude<NonNullable<Analyzer['kind']>, 'model'>
}

export const isBuiltIn = (analyzer: Analyzer): analyzer is BuiltInAnalyzer =>
  analyzer.kind !== undefined && analyzer.kind !== 'model'

const PAUSE_S = 3

export function runBuiltIn(analyzer: BuiltInAnalyzer, call: Call): AnalyzerAnswer {
  const answer = measure(analyzer, call)
  const { field } = analyzer.options ?? {}
  if (answer.kind === 'failed' || field === undefined) return answer
  const { result } = answer
  const isRecord = typeof result === 'object' && result !== null && !Array.isArray(result)
  return answered(isRecord ? (result[field] ?? null) : null)
}

function measure({ kind, options = {} }: BuiltInAnalyzer, call: Call): AnalyzerAnswer {
  if (kind === 'outcome') return judgeOutcome(call, options.rules ?? [], options.otherwise)
  const said = utterancesOf(call)
  if (kind === 'duration') {
    const { duration: seconds } = call
    return seconds === null
      ? failed('no_duration', 'Nobody knows how long the call was')
      : answered({ seconds, utterances: said.length })
  }
  if (said.length === 0) return failed('no_transcript', 'The call has no transcript')
  const speaker = options.speaker ?? 'user'
  switch (kind) {
    case 'sentiment':
      return isFelt(call.language)
        ? answered(copy(sentimentOf(spokenBy(said, speaker))))
        : failed('language_not_supported', 'The lexicon of sentiment knows English only')
    case 'keywords':
      return answered(
        copy(countKeywords(spokenBy(said, options.speaker ?? 'any'), options.words ?? [])),
      )
    case 'talk_ratio':
      return answered(copy(talkRatio(said)))
    case 'longest_monologue':
      return answered(copy(longestMonologue(said, options.speaker ?? 'any')))
    case 'silence': {
      const longerThanMs = (options.longer_than_s ?? PAUSE_S) * 1_000
      return inTime(timed(said), (utterances) => silence(utterances, longerThanMs))
    }
    case 'interruptions':
      return inTime(timed(said), interruptions)
    case 'response_latency':
      return inTime(timed(said), responseLatency)
  }
}

function inTime(
  utterances: readonly TimedUtterance[] | null,
  figures: (utterances: readonly TimedUtterance[]) => Readonly<Record<string, Json>>,
): AnalyzerAnswer {
  return utterances === null
    ? failed('no_times', 'The transcript does not say when everything was said')
    : answered(copy(figures(utterances)))
}

const copy = (figures: Readonly<Record<string, Json>>): Json => ({ ...figures })
