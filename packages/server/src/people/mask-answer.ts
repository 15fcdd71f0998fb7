// The one place in which answers are masked, between a handler and the wire.

import type { RouteAnswer, RouteName } from '@bookend/contract'
import * as mask from './mask-records.ts'
import { maskDeep, maskNumber, maskText } from './mask.ts'

type Masks = { readonly [N in RouteName]?: (answer: RouteAnswer<N>) => RouteAnswer<N> }

const masks: Masks = {
  listCalls: (answer) => ({ ...answer, calls: answer.calls.map(mask.maskListedCall) }),
  findCallByAttribute: mask.maskCall,
  getCall: mask.maskCall,
  tagCall: mask.maskCall,
  completeCall: (answer) => ({ ...answer, call: mask.maskCall(answer.call) }),
  getCallTrace: (answer) => ({
    ...answer,
    pre_call: answer.pre_call && mask.maskRun(answer.pre_call),
    journeys: answer.journeys.map(mask.maskRun),
    deliveries: answer.deliveries.map(mask.maskDelivery),
  }),
  listRuns: (answer) => ({ ...answer, runs: answer.runs.map(mask.maskListedRun) }),
  getRun: mask.maskRun,
  cancelRun: mask.maskRun,
  retryRun: mask.maskRun,
  replayRun: mask.maskRun,
  resolveStep: mask.maskRun,
  listHandoffs: (answer) => ({ ...answer, handoffs: answer.handoffs.map(mask.maskHandoff) }),
  getHandoff: mask.maskHandoff,
  claimHandoff: mask.maskHandoff,
  answerHandoff: mask.maskHandoff,
  reassignHandoff: mask.maskHandoff,
  snoozeHandoff: mask.maskHandoff,
  listScheduledCalls: (answer) => ({
    ...answer,
    scheduled_calls: answer.scheduled_calls.map(mask.maskScheduledCall),
  }),
  getScheduledCall: mask.maskScheduledCall,
  cancelScheduledCall: mask.maskScheduledCall,
  getOverview: (answer) => ({
    ...answer,
    journeys: {
      ...answer.journeys,
      failures: answer.journeys.failures.map((each) => ({
        ...each,
        error: each.error && maskText(each.error),
      })),
    },
  }),
  listEvents: (answer) => ({ ...answer, events: answer.events.map(mask.maskEvent) }),
  getEvent: mask.maskEvent,
  searchDeliveries: (answer) => ({
    ...answer,
    deliveries: answer.deliveries.map(mask.maskDelivery),
  }),
  listDeliveries: (answer) => ({ ...answer, deliveries: answer.deliveries.map(mask.maskDelivery) }),
  getDelivery: mask.maskDelivery,
  backtestWorkflow: (answer) => ({
    ...answer,
    calls: answer.calls.map((call) => ({
      ...call,
      from_number: maskNumber(call.from_number),
      was: { ...call.was, parameters: maskDeep(call.was.parameters) },
      now: { ...call.now, parameters: maskDeep(call.now.parameters) },
      ...(call.steps === undefined
        ? {}
        : {
            steps: call.steps.map((step) => ({
              ...step,
              input: maskDeep(step.input),
              output: maskDeep(step.output),
            })),
          }),
    })),
  }),
  dryRunWorkflow: (answer) => ({
    ...answer,
    event: { ...answer.event, payload: maskDeep(answer.event.payload) },
    writes: answer.writes.map((write) => ({
      ...write,
      input: maskDeep(write.input),
      request: maskDeep(write.request),
    })),
    emitted: answer.emitted.map((each) => ({ ...each, payload: maskDeep(each.payload) })),
    calls: maskDeep(answer.calls),
    steps: answer.steps.map((step) => ({ ...step, output: maskDeep(step.output) })),
  }),
}

/** The answer without what is personal; of a route that tells nothing of the kind, the answer itself. */
export function maskAnswer(route: RouteName, answer: unknown): unknown {
  const apply = masks[route] as ((answer: unknown) => unknown) | undefined
  return apply === undefined ? answer : apply(answer)
}

export const isMasking = (route: RouteName): boolean => route in masks
