import type { CacheState } from '@bookend/contract'
import type { Duration } from '../kernel/duration.ts'
import { parseDuration } from '../kernel/duration.ts'
import { WorkflowError } from '../kernel/error.ts'

/**
 * How long what a step looked up may serve later calls. `10m` is fresh for ten minutes, and stale,
 * served while it is looked up anew, until it is twenty minutes old. `{ fresh, stale }` says both as
 * the age from which, and up to which, a result is stale.
 */
export type CacheOption = Duration | { readonly fresh: Duration; readonly stale: Duration }

/** Both are ages in milliseconds; from `freshMs` on it is stale, from `staleMs` on it is nothing. */
export interface CachePolicy {
  readonly freshMs: number
  readonly staleMs: number
}

const AGE_MAX_MS = 86_400_000

/** @throws {WorkflowError} It is no duration, ends before it begins, or lasts more than a day. */
export function parseCache(step: string, option: CacheOption): CachePolicy {
  const policy =
    typeof option === 'string'
      ? { freshMs: parseDuration(option), staleMs: 2 * parseDuration(option) }
      : { freshMs: parseDuration(option.fresh), staleMs: parseDuration(option.stale) }
  const { freshMs, staleMs } = policy
  if (staleMs === 0 || staleMs < freshMs) {
    throw new WorkflowError(
      `Step "${step}": cache.stale is the age at which a result is dropped; it is more than 0 and not less than cache.fresh`,
    )
  }
  if (freshMs > AGE_MAX_MS || staleMs > 2 * AGE_MAX_MS) {
    throw new WorkflowError(
      `Step "${step}": cache keeps a result for at most 1d fresh and 2d stale`,
    )
  }
  return policy
}

const RANK = { fresh: 0, stale: 1, shared: 2, miss: 3 } as const satisfies Record<
  CacheState,
  number
>

/** Of several answers, the one that was furthest from being at hand; null: none was asked for. */
export function furthest(
  answers: readonly { readonly cache?: CacheState | null }[],
): CacheState | null {
  let found: CacheState | null = null
  for (const { cache = null } of answers) {
    if (cache !== null && (found === null || RANK[cache] > RANK[found])) found = cache
  }
  return found
}
