import type { ScheduledCallStatus } from '@bookend/contract'
import type { NewEvent } from '../store/postgres/events.ts'

export interface FailedCall {
  readonly workspaceId: string
  readonly id: string
  readonly callId: string | null
  readonly runId: string | null
  readonly workflow: string | null
  readonly step: string | null
  readonly to: string
  readonly status: ScheduledCallStatus
  readonly code: string
}

/** A scheduled call that will not be placed: journeys on its type hand it to a person. */
export const failedEvent = (call: FailedCall): NewEvent => ({
  workspaceId: call.workspaceId,
  type: 'call.scheduled_failed',
  dedupeKey: `call.scheduled_failed:${call.id}`,
  callId: call.callId,
  payload: {
    scheduled_call_id: call.id,
    call_id: call.callId,
    run_id: call.runId,
    workflow: call.workflow,
    step: call.step,
    to: call.to,
    status: call.status,
    code: call.code,
  },
})
