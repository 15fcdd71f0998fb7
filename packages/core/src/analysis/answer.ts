import type { AnalysisError, Json } from '@bookend/contract'

/** What an analyzer came to. `detail` is shown to the owner and carries nothing that was said. */
export type AnalyzerAnswer =
  | { readonly kind: 'answered'; readonly result: Json }
  | { readonly kind: 'failed'; readonly error: AnalysisError; readonly detail: string }

export const answered = (result: Json): AnalyzerAnswer => ({ kind: 'answered', result })
export const failed = (error: AnalysisError, detail: string): AnalyzerAnswer => ({
  kind: 'failed',
  error,
  detail,
})

export const round = (value: number, digits: number): number => {
  const factor = 10 ** digits
  // Without the minus that a rounded-off loss leaves behind.
  return Math.round(value * factor) / factor || 0
}
