import type { Call, Json } from '@bookend/contract'

/** What a call's analyses came to, by title, as `call.analysis` has it; one that failed is not there. */
export function analysisByTitle({
  analysis_results: results,
}: Pick<Call, 'analysis_results'>): Readonly<Record<string, Json>> {
  const analysis: Record<string, Json> = {}
  for (const { title, result, status } of results) {
    const isThere = title !== undefined && title !== '__proto__' && status !== 'failed'
    if (isThere) analysis[title] = result
  }
  return analysis
}
