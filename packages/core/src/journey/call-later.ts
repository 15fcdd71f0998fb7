// A call that is to be placed later, as a journey asks for it.

import type { JsonObject } from '@bookend/contract'
import { parseDuration } from '../kernel/duration.ts'
import { WorkflowError } from '../kernel/error.ts'
import type { CallLaterOptions } from './definition.ts'
import { storableText, toJournalOutput } from './output.ts'

export interface CallLaterSpec {
  readonly to: string
  readonly agent: string
  /** Exactly one of the two is given. */
  readonly at: string | null
  readonly inMs: number | null
  readonly calendar: string | null
  readonly params: JsonObject
  readonly reason: string | null
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/
const LATEST_MS = 366 * 86_400_000

/** @throws {WorkflowError} Something of it is not as it must be; whether it may be dialled is asked later. */
export function parseCallLater(name: string, options: CallLaterOptions): CallLaterSpec {
  const refuse = (what: string): WorkflowError => new WorkflowError(`Call "${name}": ${what}`)
  const { to, agent, at, in: within, during, params = {}, reason } = options
  const text = (value: unknown, field: string, max: number): string => {
    if (typeof value === 'string' && value.trim() !== '' && value.length <= max) {
      return storableText(value.trim())
    }
    throw refuse(`"${field}" is a text of at most ${max} characters`)
  }
  if ((at === undefined) === (within === undefined)) throw refuse('say either "at" or "in"')
  const content = toJournalOutput(name, params)
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw refuse('"params" is an object')
  }
  const inMs = within === undefined ? null : parseDuration(within)
  if (inMs !== null && inMs > LATEST_MS) throw refuse('"in" is at most a year')
  return {
    to: text(to, 'to', 64),
    agent: text(agent, 'agent', 200),
    at: at === undefined ? null : readInstant(at, refuse),
    inMs,
    calendar: during === undefined ? null : text(during, 'during', 64),
    params: content,
    reason: reason === undefined ? null : text(reason, 'reason', 500),
  }
}

function readInstant(given: string | Date, refuse: (what: string) => WorkflowError): string {
  const isInstant = given instanceof Date || (typeof given === 'string' && INSTANT.test(given))
  const date = new Date(isInstant ? given : Number.NaN)
  if (Number.isNaN(date.getTime())) throw refuse('"at" is an instant, such as 2026-03-02T09:00:00Z')
  return date.toISOString()
}
