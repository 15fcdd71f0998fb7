// A write of a dry run: shown, and not sent.
//
//   render, where the connector has one ─▶ shown
//   else run it over a port that keeps the first write ─▶ shown
//                     └─ what it reads before, it reads for real
//
// W1. Nothing that writes is sent, and no write is told of: there is none.
// W2. What cannot be rendered is shown without its request; the dry run goes on all the same.

import type { ActionContext, CapturedRequest } from '@bookend/core'
import { WriteCapturedError, captureWrites } from '@bookend/core'
import type { AnyAction } from './configured.ts'

export interface CapturedWrite {
  /** `<connector>/<connection>` */
  readonly connection: string
  readonly action: string
  readonly input: unknown
  /** As it would have been sent, without the credential; null: that is not known. */
  readonly request: CapturedRequest | Readonly<Record<string, unknown>> | null
}

type Write = Extract<AnyAction, { effect: 'write' }>

/** @returns What would be sent; null where the action came to no write, or failed before it (W2). */
export async function renderWrite(
  action: Write,
  context: ActionContext<unknown, unknown, unknown>,
  input: unknown,
): Promise<CapturedWrite['request']> {
  try {
    if (action.render !== undefined) {
      const rendered = action.render(context.settings, input, context.key)
      return typeof rendered === 'object' && rendered !== null ? { ...rendered } : null
    }
    await action.run(new DryContext(context), input)
    return null
  } catch (error) {
    return error instanceof WriteCapturedError ? error.captured : null
  }
}

/** The action's own context, but for its port. */
class DryContext implements ActionContext<unknown, unknown, unknown> {
  readonly #own: ActionContext<unknown, unknown, unknown>
  readonly http: ActionContext<unknown, unknown, unknown>['http']
  readonly reach: ActionContext<unknown, unknown, unknown>['reach']
  readonly settings: unknown
  readonly auth: unknown
  /** Of a protocol other than HTTP nothing is opened. */
  readonly client: unknown
  readonly remainingMs: () => number
  readonly now: () => Date
  readonly key: string
  readonly subjectKey: string
  readonly phone: ActionContext<unknown, unknown, unknown>['phone']
  readonly fit: ActionContext<unknown, unknown, unknown>['fit']
  readonly log: ActionContext<unknown, unknown, unknown>['log']

  constructor(own: ActionContext<unknown, unknown, unknown>) {
    this.#own = own
    this.http = captureWrites(own.http)
    this.reach = closed
    this.settings = own.settings
    this.auth = own.auth
    this.client = own.client
    this.remainingMs = own.remainingMs
    this.now = own.now
    this.key = own.key
    this.subjectKey = own.subjectKey
    this.phone = own.phone
    this.fit = own.fit
    this.log = own.log
  }

  get signal(): AbortSignal {
    return this.#own.signal
  }
}

/** No socket but HTTP's is opened. */
const closed: ActionContext<unknown, unknown, unknown>['reach'] = {
  addressesOf: () => Promise.reject(new Error('A dry run opens no socket')),
  allowsPeer: () => false,
  allowsPlain: () => false,
  allowsFiles: false,
}
