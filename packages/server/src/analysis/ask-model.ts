// One try at an analyzer that asks a language model.
//
//   question ─▶ model ─▶ answered: validated ─▶ done
//                    ├─▶ refused, cut ─▶ failed: asking again would cost, and say the same
//                    └─▶ invalid, away, limited ─▶ again, later and later ─▶ failed
//
// M1. Tokens and time of every try are counted, those of answers that were no use as well.
// M2. What another system asks us to wait is believed up to an hour.

import type { AnalysisError, Call } from '@bookend/contract'
import { readOutput, renderQuestion, type LanguageModel } from '@bookend/core/analysis'
import type { Clock, FaultVerdict } from '@bookend/core'
import {
  timeoutDefaultS,
  type HeldAnalysis,
  type SettledAnalysis,
  type Spent,
} from '../store/postgres/analyses.ts'
import { attemptsMax, settle, tryAgain } from './answer-analysis.ts'

export interface ModelParts {
  /** Null: none is configured. */
  readonly model: LanguageModel | null
  readonly clock: Clock
  /** From 0 to 1. */
  readonly random?: () => number
}

const OUTPUT_TOKENS = 1_024
/** An answer that does not fit its schema twice will not the third time. */
const INVALID_MAX = 2
const DELAYS_MS = [2_000, 10_000, 60_000, 300_000, 900_000]
const WAIT_MAX_MS = 3_600_000

/** Null when `signal` ended it. */
export async function askModel(
  { model, clock, random = Math.random }: ModelParts,
  held: HeldAnalysis,
  call: Call,
  signal: AbortSignal,
): Promise<SettledAnalysis | null> {
  const { analyzer, attempt } = held
  const fail = (error: AnalysisError, detail: string, spent = held.spent, name?: string) =>
    settle(held, { kind: 'failed', error, detail }, spent, clock.now(), name ?? null)
  const again = (error: AnalysisError, detail: string, spent: Spent, waitMs = 0) => {
    if (attempt >= attemptsMax) return fail(error, detail, spent)
    const delayMs = Math.max(
      waitMs,
      (DELAYS_MS[attempt - 1] ?? WAIT_MAX_MS) * (0.8 + 0.4 * random()),
    )
    return tryAgain(held, detail, spent, delayMs)
  }

  if (model === null) return fail('no_model', 'No language model is configured on this server')
  const question = renderQuestion(analyzer, call)
  if (question === null) return fail('no_transcript', 'The call has no transcript')
  const {
    model: other,
    temperature,
    max_output_tokens: maxTokens,
    timeout_s: timeoutS,
  } = analyzer.options ?? {}
  const sinceMs = clock.monotonicMs()
  const reply = await model.complete({
    ...question,
    ...(other === undefined ? {} : { model: other }),
    ...(temperature === undefined ? {} : { temperature }),
    maxOutputTokens: maxTokens ?? OUTPUT_TOKENS,
    timeoutMs: (timeoutS ?? timeoutDefaultS) * 1_000,
    signal,
  })
  if (signal.aborted && reply.kind === 'fault') return null
  const usage = reply.kind === 'fault' ? null : reply.usage
  const spent = addSpent(held.spent, usage, clock.monotonicMs() - sinceMs)
  switch (reply.kind) {
    case 'answered': {
      const result = readOutput(analyzer.output_config, reply.output)
      if (result !== undefined) {
        return settle(held, { kind: 'answered', result }, spent, clock.now(), reply.model)
      }
      return refuseInvalid('The answer does not fit the output the analyzer asks for')
    }
    case 'invalid':
      return refuseInvalid('The answer is no JSON')
    case 'refused':
      return fail('refused', 'The model refuses to answer', spent, reply.model)
    case 'cut':
      return fail('output_cut', 'The answer was cut off; allow more tokens', spent, reply.model)
    case 'fault':
      return afterFault(reply.verdict)
  }

  function refuseInvalid(detail: string): SettledAnalysis {
    const name = reply.kind === 'fault' ? undefined : reply.model
    return attempt >= INVALID_MAX
      ? fail('invalid_output', detail, spent, name)
      : again('invalid_output', detail, spent)
  }

  function afterFault(verdict: FaultVerdict): SettledAnalysis {
    const { kind, detail } = verdict
    if (kind === 'retry' || kind === 'unknown') return again('model_unavailable', detail, spent)
    if (kind === 'limited') {
      const waitMs = verdict.until === null ? 0 : verdict.until.getTime() - clock.now().getTime()
      return again('model_unavailable', detail, spent, Math.min(waitMs, WAIT_MAX_MS))
    }
    return kind === 'auth'
      ? fail('model_auth', detail, spent)
      : fail('model_refused_request', detail, spent)
  }
}

function addSpent(
  before: Spent,
  usage: { inputTokens: number; outputTokens: number; cost: number | null } | null,
  durationMs: number,
): Spent {
  const cost = usage?.cost ?? null
  return {
    ...before,
    duration_ms: (before.duration_ms ?? 0) + Math.round(durationMs),
    ...(usage === null
      ? {}
      : {
          input_tokens: (before.input_tokens ?? 0) + usage.inputTokens,
          output_tokens: (before.output_tokens ?? 0) + usage.outputTokens,
        }),
    ...(cost === null ? {} : { cost: (before.cost ?? 0) + cost }),
  }
}
