import type { WorkflowKind } from '@bookend/contract'

/** A text to begin with; it needs no connection, so it can be published as it is. */
export const startText = (kind: WorkflowKind, name: string): string =>
  kind === 'pre-call' ? preCall(name) : journey(name)

const preCall = (name: string): string => `# Runs before the first word: what the agent is told.
workflow: ${name}
on: pre-call
budget: 4s

parameters:
  greeting: { type: string, maxLength: 60, default: Hello }
  from_abroad: { type: boolean, default: false }

steps:
  abroad:
    value: \${{ !call.from_number.startsWith("+1") }}

respond:
  parameters:
    greeting: Good day
    from_abroad: \${{ steps.abroad }}
`

const journey = (name: string): string => `# Runs after each call of more than five seconds.
workflow: ${name}
on: call.completed
if: call.duration > 5
key: \${{ call.from_number }}

steps:
  long:
    if: call.duration > 600
    tag: long-call
`
