import type { PreCallFailure, PreCallRequest } from '@bookend/contract'
import { PreCallAsked } from '@bookend/contract'
import { cleanContext } from '@bookend/core'

export type ReadRequest =
  | { readonly request: PreCallRequest }
  | { readonly failure: PreCallFailure; readonly error: string }

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** What others ask; a body that says it otherwise is a failure with its reason. */
export function readRequest(bytes: Uint8Array, now: Date): ReadRequest {
  let root: unknown
  try {
    root = JSON.parse(utf8.decode(bytes))
  } catch {
    return { failure: 'not_json', error: 'The body is not JSON in UTF-8' }
  }
  const { success, data, error } = PreCallAsked.safeParse(root)
  if (!success) {
    const { path, message } = error.issues[0] ?? { path: [], message: 'does not fit' }
    const at = path.length === 0 ? 'The body' : path.join('.')
    return { failure: 'invalid_request', error: `${at}: ${message}` }
  }
  const { id, attestation, timestamp = now.toISOString(), context: given, ...call } = data.call
  const context = cleanContext(given)
  const request: PreCallRequest = {
    call: {
      ...call,
      timestamp,
      ...(id === undefined ? {} : { id }),
      ...(attestation === undefined ? {} : { attestation }),
      ...(context === undefined ? {} : { context }),
    },
    agent: data.agent,
  }
  return { request }
}
