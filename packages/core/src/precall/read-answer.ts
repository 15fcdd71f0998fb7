// Reads what a workflow endpoint answered to a pre-call request (contract §5, threats B1–B4).
//
//   bytes ─▶ UTF-8 ─▶ JSON object ─▶ parameters: an object, or nothing ─▶ routing, each field alone
//
// A refused answer never costs the call: the caller goes on with its defaults and the run says why.
// A routing field of the wrong type is ignored and reported, never guessed at (B5).

import type { Json, JsonObject, Missing, PreCallFailure } from '@bookend/contract'
import { PreCallAnswer } from '@bookend/contract'
import type { Routing } from './definition.ts'
import type { Parameters } from './merge.ts'

export interface EndpointAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** Whose answer it must be, where it says whose it is. */
  readonly callId?: string | undefined
}

export type ReadAnswer =
  | {
      readonly kind: 'read'
      readonly parameters: Parameters
      readonly routing: Routing
      readonly missing: readonly Missing[]
    }
  | { readonly kind: 'refused'; readonly failure: PreCallFailure }

const JSON_MEDIA_TYPE = /^(application\/([a-z0-9.+-]+\+)?json|text\/plain|text\/json)$/
const UTF8_CHARSET = /^"?utf-?8"?$/i
const ROUTING_FIELDS = ['agent_id', 'first_message', 'transfer', 'reject', 'say'] as const
/** Of these at most one is used, the first in this order. */
const EXCLUSIVE_FIELDS = ['agent_id', 'transfer', 'reject', 'say'] as const

const utf8 = new TextDecoder('utf-8', { fatal: true })

export function readAnswer({ status, headers, body, callId }: EndpointAnswer): ReadAnswer {
  if (status < 200 || status > 299) return { kind: 'refused', failure: 'http_status' }
  if (status === 204 || body.length === 0) return nothing
  if (!speaksJson(headers['content-type'])) return { kind: 'refused', failure: 'not_json' }
  const root = parse(body)
  if (root === undefined) return { kind: 'refused', failure: 'not_json' }
  if (root === 'hostile') return { kind: 'refused', failure: 'invalid_response' }
  if (!isObject(root)) return { kind: 'refused', failure: 'no_parameters' }
  // An endpoint that mixes up its calls would tell one caller of another (B9).
  const { parameters = null, call_id: echoed = callId } = root
  if (callId !== undefined && echoed !== callId) {
    return { kind: 'refused', failure: 'invalid_response' }
  }
  if (parameters !== null && !isObject(parameters)) {
    return { kind: 'refused', failure: 'no_parameters' }
  }
  return { kind: 'read', parameters: parameters ?? {}, ...readRouting(root) }
}

const nothing: ReadAnswer = { kind: 'read', parameters: {}, routing: {}, missing: [] }

function speaksJson(contentType: string | undefined): boolean {
  if (contentType === undefined || contentType.trim() === '') return true
  const [mediaType = '', ...attributes] = contentType.split(';').map((part) => part.trim())
  const charset = attributes.find((attribute) => /^charset=/i.test(attribute))?.slice(8)
  return (
    JSON_MEDIA_TYPE.test(mediaType.toLowerCase()) &&
    (charset === undefined || UTF8_CHARSET.test(charset))
  )
}

/** undefined: not JSON in UTF-8. `hostile`: a name that would reach a prototype (B1). */
function parse(body: Uint8Array): Json | undefined {
  try {
    return JSON.parse(utf8.decode(body), refusePrototype) as Json
  } catch (error) {
    // Deep nesting overflows the walk over the parsed value; it is refused like any hostile answer.
    return error instanceof HostileName || error instanceof RangeError ? 'hostile' : undefined
  }
}

class HostileName extends Error {}

function refusePrototype(this: unknown, key: string, value: unknown): unknown {
  if (key === '__proto__') throw new HostileName()
  if (key === 'constructor' && isObject(value) && Object.hasOwn(value, 'prototype')) {
    throw new HostileName()
  }
  return value
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The routing fields of an answer that are as they must be; the others are reported. */
export function readRouting(
  root: Readonly<Record<string, unknown>>,
): Pick<ReadAnswer & { kind: 'read' }, 'routing' | 'missing'> {
  const accepted = new Map<string, unknown>()
  const missing: Missing[] = []
  const refuse = (name: string, detail: string): void => {
    missing.push({ name, reason: 'invalid', step: null, detail })
  }
  for (const name of ROUTING_FIELDS) {
    const given = root[name]
    if (given === undefined || given === null) continue
    const { success, data, error } = PreCallAnswer.shape[name].safeParse(given)
    if (success) accepted.set(name, data)
    else refuse(name, error.issues[0]?.message ?? 'not as it must be')
  }
  const [, ...surplus] = EXCLUSIVE_FIELDS.filter((name) => accepted.has(name))
  for (const name of surplus) {
    accepted.delete(name)
    refuse(name, 'at most one of agent_id, transfer, reject and say is used')
  }
  return { routing: Object.fromEntries(accepted), missing }
}
