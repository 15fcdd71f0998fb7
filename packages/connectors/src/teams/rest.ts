// The flow's one door, and what its refusals mean.
//
// R1. The URL is the credential: a dry run shows the host and no more of it.
// R2. A flow that is off, deleted or signed anew answers like a wrong credential, and is one.

import type { ActionContext, Effect, Verdict } from '@bookend/core'
import { WriteCapturedError } from '@bookend/core'
import { z } from 'zod'
import { type HeardAnswer, type RestAnswer, createExchange } from '../rest/exchange.ts'
import type { TeamsAuth, TeamsSettings } from './schema.ts'

export type Context = ActionContext<TeamsSettings, TeamsAuth>

const AUTH: ReadonlySet<number> = new Set([401, 403, 404, 410])

const exchange = createExchange<Context>({
  base: ({ settings: { base_url: other }, auth: { url } }) =>
    // As it was copied: what is signed is not written anew.
    other === null ? url : other.replace(/\/+$/, '') + url.replace(/^https:\/\/[^/]*/, ''),
  headers: () => ({}),
  readVerdict,
})

/** @throws {ConnectorFault} Also `WriteCapturedError` where nothing is to be sent. */
export async function callFlow(ctx: Context, effect: Effect, card?: object): Promise<RestAnswer> {
  try {
    return await exchange(ctx, {
      effect,
      method: card === undefined ? 'GET' : 'POST',
      path: [],
      answer: 'ignored',
      ...(card === undefined ? {} : { body: { json: card } }),
    })
  } catch (error) {
    if (!(error instanceof WriteCapturedError)) throw error
    const { origin } = new URL(error.captured.url)
    throw new WriteCapturedError({ ...error.captured, url: `${origin}/…` })
  }
}

const Problem = z.object({ error: z.object({ code: z.string() }) })

/** That it wants another method is said by a flow that is there. */
const WRONG_METHOD = 'TriggerRequestMethodNotValid'

function readVerdict({ status, body }: HeardAnswer, effect: Effect): Verdict | null {
  const code = Problem.safeParse(body).data?.error.code
  if (effect === 'read' && (status === 405 || code === WRONG_METHOD)) return { kind: 'ok' }
  const detail = code !== undefined && /^[A-Za-z]{1,60}$/.test(code) ? code : `http_${status}`
  if (AUTH.has(status)) return { kind: 'auth', detail }
  return status === 400 ? { kind: 'refused', detail } : null
}
