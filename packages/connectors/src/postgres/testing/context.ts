import type { PostgresClient } from '../client.ts'
import type { PostgresSettings } from '../schema.ts'
import type { Context } from '../session.ts'

interface Given {
  readonly settings: PostgresSettings
  readonly client: PostgresClient
  readonly budgetMs?: number
  readonly signal?: AbortSignal
}

/** What a step hands to an action, with `budgetMs` left from now on. */
export function context({ settings, client, budgetMs = 20_000, signal }: Given): Context {
  const endsAtMs = performance.now() + budgetMs
  return {
    settings,
    client,
    auth: null,
    http: { send: () => Promise.reject(new Error('no HTTP here')) },
    signal: signal ?? new AbortController().signal,
    remainingMs: () => Math.max(0, endsAtMs - performance.now()),
    now: () => new Date(),
    key: 'bk_key',
    subjectKey: 'bk_subject',
    log: { info: () => {}, warn: () => {} },
  }
}
