// Errors on the wire: RFC 9457 problem documents. One table holds every code, its status and title;
// a test keeps the reference page equal to it.

import { z } from 'zod'

export const problems = {
  not_json: { status: 400, title: 'The body is not valid JSON' },
  bad_request: { status: 400, title: 'The request cannot be read' },
  unauthenticated: { status: 401, title: 'A valid API key is needed' },
  forbidden: { status: 403, title: 'The key may not do this' },
  bad_origin: { status: 403, title: 'The request comes from another origin' },
  not_found: { status: 404, title: 'There is no such thing' },
  method_not_allowed: { status: 405, title: 'The method is not offered here' },
  version_conflict: { status: 409, title: 'It was changed by somebody else' },
  state_conflict: { status: 409, title: 'It is not in a state that allows this' },
  already_exists: { status: 409, title: 'It exists already' },
  idempotency_conflict: { status: 409, title: 'The idempotency key was used with another body' },
  idempotency_in_progress: { status: 409, title: 'The first request of this key still runs' },
  too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json' },
  invalid: { status: 422, title: 'A value is not as it must be' },
  no_agent_assigned: { status: 422, title: 'The number has no agent' },
  unknown_number: { status: 422, title: 'The number does not belong to this workspace' },
  no_dialling_platform: { status: 422, title: 'No connected platform can place calls' },
  dial_refused: { status: 422, title: 'The call may not be placed, or was refused' },
  dial_failed: { status: 502, title: 'The platform did not say that the call is placed' },
  no_model: { status: 422, title: 'No language model is configured on this server' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong inside Bookend' },
  database_away: { status: 503, title: 'The database cannot be reached' },
  overloaded: { status: 503, title: 'Bookend is at its limit' },
  draining: { status: 503, title: 'Bookend is stopping' },
} as const satisfies Record<string, { status: number; title: string }>

export type ProblemCode = keyof typeof problems

export const ProblemIssue = z.object({ path: z.string(), message: z.string() })

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string(),
    errors: z.array(ProblemIssue).optional(),
    request_id: z.string().optional(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof Problem>
export type ProblemIssue = z.infer<typeof ProblemIssue>
