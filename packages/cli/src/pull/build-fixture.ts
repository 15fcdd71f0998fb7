import type { Call, JsonObject, Run, RunStep, Trace } from '@bookend/contract'

export interface PulledCall {
  readonly call: Call
  readonly trace: Trace
  /** In which the version that answered is written; null: that is not known. */
  readonly form: 'typescript' | 'yaml' | null
}

/** What a fixture of the testing kit holds of a call, in the order in which it is read. */
export function buildFixture({ call, trace, form }: PulledCall): JsonObject {
  const { pre_call: run, journeys } = trace
  const recorded = {
    pre_call: run === null ? null : recordedOf(call, run, form),
    journeys: [...new Set(journeys.map(({ workflow }) => workflow))],
  }
  // A link to a recording is a key to it, and no test hears it.
  return asJson({ ...call, recording_presigned_url: null, recorded })
}

const recordedOf = (call: Call, run: Run, form: PulledCall['form']): object => ({
  workflow: run.workflow,
  form,
  request: {
    call: {
      from_number: call.from_number,
      to_number: call.to_number,
      direction: call.direction,
      timestamp: run.started_at,
      id: call.uuid,
      attestation: call.attestation,
    },
    agent: { id: run.agent_id ?? '', name: call.agent_name ?? '' },
  },
  budget_ms: run.budget_ms ?? 0,
  status: run.status,
  parameters: run.parameters ?? {},
  outcome: run.outcome ?? { type: 'continue' },
  steps: run.steps.filter(({ after_answer: isAfter }) => !isAfter).map(stepOf),
})

const stepOf = ({
  name,
  status,
  duration_ms,
  connection,
  action,
  input,
  output,
  error,
}: RunStep): object => ({ name, status, duration_ms, connection, action, input, output, error })

/** As a file keeps it: what JSON does not know is left out. */
const asJson = (value: unknown): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject
