import { z } from 'zod'
import { instant, json, jsonObject, text, uuid } from './primitives.ts'

/** `model` asks a language model; the others count and measure, and need none. */
export const analyzerKinds = [
  'model',
  'sentiment',
  'keywords',
  'talk_ratio',
  'longest_monologue',
  'silence',
  'interruptions',
  'response_latency',
  'duration',
  'outcome',
] as const
export const AnalyzerKind = z.enum(analyzerKinds)

/** Each belongs to some kinds of analyzers; `analyzerFields` says to which. */
export const AnalyzerOptions = z.strictObject({
  model: text(200).min(1).optional(),
  temperature: z.number().min(0).max(2).optional(),
  max_output_tokens: z.number().int().min(16).max(8_192).optional(),
  timeout_s: z.number().int().min(1).max(120).optional(),
  words: z.array(text(100).min(1)).min(1).max(200).optional(),
  speaker: z.enum(['user', 'agent', 'any']).optional(),
  longer_than_s: z.number().min(0.1).max(600).optional(),
  rules: z
    .array(z.strictObject({ if: text(2_000).min(1), result: json(2_048) }))
    .min(1)
    .max(50)
    .optional(),
  otherwise: json(2_048).optional(),
  field: text(64).min(1).optional(),
})

/** A question asked of a finished transcript. */
export const Analyzer = z.strictObject({
  id: uuid().optional(),
  title: text(200),
  /** Left out: `model`. */
  kind: AnalyzerKind.optional(),
  prompt: text(8_000).default(''),
  output_config: jsonObject(16_384).optional(),
  options: AnalyzerOptions.optional(),
})

/** What a platform reports, or whoever ends a call. */
export const AnalysisResult = z.object({
  id: uuid().optional(),
  analyzer_id: uuid().nullable().optional(),
  title: text(200).optional(),
  prompt: text(8_000).optional(),
  output_config: jsonObject(16_384).optional(),
  result: json(32_768),
})

export const analysisErrors = [
  'no_transcript',
  'no_times',
  'no_duration',
  'language_not_supported',
  'rule_failed',
  'no_model',
  'model_auth',
  'model_refused_request',
  'model_unavailable',
  'refused',
  'output_cut',
  'invalid_output',
  'interrupted',
] as const
export const AnalysisError = z.enum(analysisErrors)

/** An analysis as a call's record shows it; what only Bookend's own have is left out of others. */
export const CallAnalysis = AnalysisResult.extend({
  kind: AnalyzerKind.optional(),
  status: z.enum(['done', 'failed']).optional(),
  /** Why there is none; `result` is then null. */
  error: AnalysisError.nullable().optional(),
  detail: z.string().nullable().optional(),
  model: z.string().nullable().optional(),
  input_tokens: z.number().int().nullable().optional(),
  output_tokens: z.number().int().nullable().optional(),
  /** In US dollars, of all tries; null where prices are not known. */
  cost: z.number().nullable().optional(),
  duration_ms: z.number().optional(),
  attempts: z.number().int().optional(),
  answered_at: instant().optional(),
})

export type AnalyzerKind = z.infer<typeof AnalyzerKind>
export type AnalyzerOptions = z.infer<typeof AnalyzerOptions>
export type Analyzer = z.infer<typeof Analyzer>
export type AnalysisResult = z.infer<typeof AnalysisResult>
export type AnalysisError = z.infer<typeof AnalysisError>
export type CallAnalysis = z.infer<typeof CallAnalysis>
