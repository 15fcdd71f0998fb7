import type { ActionContext, HttpPort, ReachPort } from '@bookend/core'
import { fitText, phoneTools } from '@bookend/core'
import { anywhere } from './reach.ts'

export interface TestContextOptions<Settings, Auth, Client> {
  readonly settings: Settings
  readonly auth: Auth
  readonly client: Client
  readonly http?: HttpPort
  readonly reach?: ReachPort
  readonly budgetMs?: number
  readonly signal?: AbortSignal
  readonly key?: string
  readonly subjectKey?: string
  readonly now?: () => Date
  /** Takes what the action logs. */
  readonly logged?: unknown[]
}

/** What a step hands to an action, with `budgetMs` left from now on; 20 seconds when left out. */
export function testContext<Settings, Auth, Client = undefined>(
  options: TestContextOptions<Settings, Auth, Client>,
): ActionContext<Settings, Auth, Client> {
  const { settings, auth, client, budgetMs = 20_000, logged = [] } = options
  const endsAtMs = performance.now() + budgetMs
  const note = (fields: object, message: string): void => void logged.push({ ...fields, message })
  return {
    settings,
    auth,
    client,
    http: options.http ?? { send: () => Promise.reject(new Error('no HTTP here')) },
    reach: options.reach ?? anywhere,
    signal: options.signal ?? new AbortController().signal,
    remainingMs: () => Math.max(0, endsAtMs - performance.now()),
    now: options.now ?? (() => new Date()),
    key: options.key ?? 'bk_key',
    subjectKey: options.subjectKey ?? 'bk_subject',
    phone: phoneTools,
    fit: fitText,
    log: { info: note, warn: note },
  }
}
