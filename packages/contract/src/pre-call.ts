// The pre-call exchange (contract §5): what a workflow endpoint is asked, and what it may answer.

import { z } from 'zod'
import { instant, jsonObject, text, uuid } from './primitives.ts'

export const direction = z.enum(['inbound', 'outbound'])
export const attestation = z.enum(['A', 'B', 'C', 'none'])

export const CONTEXT_NAMES_MAX = 64
export const CONTEXT_CHARACTERS_MAX = 16_384

/**
 * Further facts of a call by their names, such as `sip.X-Region`. Text from outside: the caller may
 * have written it, so it proves nothing, and an agent that is told of it is told what somebody said.
 */
export const callContext = z
  .record(text(140).min(1), text(1_024))
  .refine((context) => Object.keys(context).length <= CONTEXT_NAMES_MAX, {
    error: `must have at most ${CONTEXT_NAMES_MAX} names`,
  })
  .refine((context) => Object.entries(context).flat().join('').length <= CONTEXT_CHARACTERS_MAX, {
    error: `must be at most ${CONTEXT_CHARACTERS_MAX} characters`,
  })

/** What Bookend sends to a workflow endpoint. `id`, `attestation` and `context` are its additions. */
export const PreCallRequest = z
  .object({
    call: z.object({
      from_number: text(256),
      to_number: text(256),
      direction,
      timestamp: instant(),
      id: uuid().optional(),
      attestation: attestation.nullable().optional(),
      context: callContext.optional(),
    }),
    agent: z.object({ id: z.string(), name: z.string() }),
  })
  .meta({ id: 'PreCallRequest' })

/**
 * The same as others ask it of a workflow hosted here. What only Bookend sends is taken when it is as
 * Bookend sends it, and costs nothing when it is not; a platform that names no agent has none.
 */
export const PreCallAsked = z
  .object({
    call: PreCallRequest.shape.call.extend({
      direction: direction.default('inbound'),
      timestamp: instant().optional(),
      id: uuid().optional().catch(undefined),
      attestation: attestation.nullable().optional().catch(undefined),
      context: callContext.optional().catch(undefined),
    }),
    agent: z.object({ id: text(256), name: text(256) }).default({ id: '', name: '' }),
  })
  .meta({ id: 'PreCallAsked' })

/** What a workflow endpoint may answer; at most one of the four routing fields is used. */
export const PreCallAnswer = z
  .object({
    parameters: jsonObject(65_536),
    agent_id: uuid().optional(),
    first_message: text(4_000).optional(),
    transfer: z.object({ to_number: text(32), message: text(1_000).optional() }).optional(),
    reject: z.object({ reason: text(100).optional() }).optional(),
    say: text(1_000).optional(),
  })
  .meta({ id: 'PreCallAnswer' })

export const Outcome = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('continue') }),
    z.object({ type: z.literal('route'), agent_id: uuid() }),
    z.object({
      type: z.literal('transfer'),
      to_number: z.string(),
      message: z.string().optional(),
    }),
    z.object({ type: z.literal('reject'), reason: z.string().optional() }),
    z.object({ type: z.literal('say'), text: z.string() }),
  ])
  .meta({ id: 'Outcome' })

export const preCallStatuses = ['answered', 'partial', 'fallback', 'skipped'] as const
export const missingReasons = ['timed_out', 'failed', 'skipped', 'invalid', 'circuit_open'] as const

/** Why a workflow's answer was not used (contract §5); `invalid_request`: what asked it was not read. */
export const preCallFailures = [
  'timeout',
  'connect_failed',
  'dns_failed',
  'tls_failed',
  'blocked',
  'redirected',
  'http_status',
  'too_large',
  'not_json',
  'invalid_response',
  'invalid_request',
  'no_parameters',
  'unknown_workflow',
  'workflow_failed',
  'overloaded',
] as const

/** A parameter or step that could not be delivered, and why. `step` names the step at fault. */
export const Missing = z.object({
  name: z.string(),
  reason: z.enum(missingReasons),
  step: z.string().nullable(),
  detail: z.string().optional(),
})

export const PreCallSummary = z
  .object({
    run_id: uuid().nullable(),
    status: z.enum(preCallStatuses),
    duration_ms: z.number(),
    budget_ms: z.number(),
    missing: z.array(Missing),
    failure: z.enum(preCallFailures).nullable(),
  })
  .meta({ id: 'PreCallSummary' })

export type Direction = z.infer<typeof direction>
export type Attestation = z.infer<typeof attestation>
export type PreCallRequest = z.infer<typeof PreCallRequest>
export type PreCallAsked = z.infer<typeof PreCallAsked>
export type PreCallAnswer = z.infer<typeof PreCallAnswer>
export type Outcome = z.infer<typeof Outcome>
export type Missing = z.infer<typeof Missing>
export type MissingReason = (typeof missingReasons)[number]
export type PreCallStatus = (typeof preCallStatuses)[number]
export type PreCallFailure = (typeof preCallFailures)[number]
export type PreCallSummary = z.infer<typeof PreCallSummary>
