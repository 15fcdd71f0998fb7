// Records as somebody sees them to whom personal data is shown masked.
//
// M1. Whatever is masked has a handle on the record, so that who may can ask for it field by field.
// M2. Nothing of the value stays: not in a sentence beside it, and not in the steps that it came from.

import type {
  Call,
  CallListItem,
  Delivery,
  EventRecord,
  Handoff,
  Outcome,
  Run,
  RunListItem,
  ScheduledCall,
} from '@bookend/contract'
import { maskDeep, maskNumber, maskText } from './mask.ts'

/** The person's number is the other end of the workspace's own. */
function maskEnds(call: CallListItem): Pick<CallListItem, (typeof ENDS)[number]> {
  const { direction, from_number, from_number_e164, to_number, to_number_e164 } = call
  const e164 = (number: string | null): string | null => number && maskNumber(number)
  return direction === 'inbound'
    ? {
        from_number: maskNumber(from_number),
        from_number_e164: e164(from_number_e164),
        to_number,
        to_number_e164,
      }
    : {
        from_number,
        from_number_e164,
        to_number: maskNumber(to_number),
        to_number_e164: e164(to_number_e164),
      }
}

const ENDS = ['from_number', 'from_number_e164', 'to_number', 'to_number_e164'] as const

export function maskListedCall<C extends CallListItem>(call: C): C {
  const { uuid, direction } = call
  const handle = (field: string): string => `call/${uuid}/${field}`
  const { analysis_results: results, summary } = call
  const hasResult = summary !== null || results.length > 0
  return {
    ...call,
    ...maskEnds(call),
    params: maskDeep(call.params),
    external_identifiers: maskDeep(call.external_identifiers),
    analysis_results: results.map((each) => ({ ...each, result: maskDeep(each.result) })),
    summary: summary && maskText(summary),
    recording_presigned_url: null,
    outcome: maskOutcome(call.outcome),
    masked: [
      handle(direction === 'inbound' ? 'from_number' : 'to_number'),
      ...(Object.keys(call.params).length > 0 ? [handle('params')] : []),
      ...(hasResult ? [handle('result')] : []),
    ],
  }
}

export function maskCall(call: Call): Call {
  const { call_prompt, first_message, prompt, transcripts, uuid } = call
  const { masked = [], ...rest } = maskListedCall(call as Call & CallListItem)
  const hasPrompt = (call_prompt ?? first_message ?? prompt) !== null
  return {
    ...rest,
    call_prompt: call_prompt && maskText(call_prompt),
    first_message: first_message && maskText(first_message),
    prompt: prompt && { ...prompt, prompt_text: maskText(prompt.prompt_text) },
    transcripts: transcripts.map((entry) => ({
      ...entry,
      text: maskText(entry.text),
      arguments: maskDeep(entry.arguments),
    })),
    masked: [
      ...masked,
      ...(hasPrompt ? [`call/${uuid}/prompt`] : []),
      ...(transcripts.length > 0 ? [`call/${uuid}/transcripts`] : []),
    ],
  }
}

function maskOutcome(outcome: Outcome): Outcome {
  if (outcome.type === 'continue' || outcome.type === 'route') return outcome
  const { type, ...said } = outcome
  return { type, ...maskDeep(said) } as Outcome
}

export const maskListedRun = <R extends RunListItem>(run: R): R => ({
  ...run,
  outcome: run.outcome && maskOutcome(run.outcome),
  key: run.key && maskText(run.key),
  error: run.error && maskText(run.error),
})

export function maskRun(run: Run): Run {
  const { id, parameters, input, steps } = run
  const has = (value: unknown): boolean => value !== null && value !== undefined
  return {
    ...maskListedRun(run),
    parameters: maskDeep(parameters),
    ...(input === undefined ? {} : { input: maskDeep(input) }),
    steps: steps.map((step) => ({
      ...step,
      input: maskDeep(step.input),
      output: maskDeep(step.output),
      error: step.error && maskText(step.error),
      attempts: step.attempts.map((each) => ({
        ...each,
        error: each.error && maskText(each.error),
      })),
    })),
    masked: [
      ...(has(parameters) ? [`run/${id}/parameters`] : []),
      ...(has(input) ? [`run/${id}/input`] : []),
      ...(steps.length > 0 ? [`run/${id}/steps`] : []),
    ],
  }
}

export const maskHandoff = (handoff: Handoff): Handoff => ({
  ...handoff,
  from_number: handoff.from_number && maskNumber(handoff.from_number),
  answer: maskDeep(handoff.answer),
})

export const maskScheduledCall = (call: ScheduledCall): ScheduledCall => ({
  ...call,
  to_number: maskNumber(call.to_number),
  params: maskDeep(call.params),
  detail: call.detail && maskText(call.detail),
})

export const maskEvent = (event: EventRecord): EventRecord => ({
  ...event,
  ...(event.payload === undefined ? {} : { payload: maskDeep(event.payload) }),
})

export const maskDelivery = (delivery: Delivery): Delivery => ({
  ...delivery,
  attempt_log: delivery.attempt_log.map((each) => ({
    ...each,
    ...(each.response_body == null ? {} : { response_body: maskText(each.response_body) }),
  })),
})
