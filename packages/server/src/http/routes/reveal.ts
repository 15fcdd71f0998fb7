// One masked field of one record. The audit log has who asked for which before it is answered.
//
// V1. Who may write reveals anywhere. Support reveals in calls of open handoffs that are theirs, their
//     team's or nobody's; what they may not reveal is refused alike, whether it is there or not.

import type { Call, Run } from '@bookend/contract'
import { allows } from '@bookend/contract'
import type { Context } from '../../context.ts'
import { findCall } from '../../store/postgres/calls.ts'
import { findPerson } from '../../store/postgres/people.ts'
import { findRun } from '../../store/postgres/runs.ts'
import type { Access, Handlers } from '../handlers.ts'
import { findYoung } from '../find-young.ts'
import { notFound, ProblemError } from '../problem.ts'

const CALL_FIELDS: Readonly<Record<string, (call: Call) => unknown>> = {
  from_number: (call) => call.from_number,
  to_number: (call) => call.to_number,
  transcripts: (call) => call.transcripts,
  params: (call) => call.params,
  prompt: ({ call_prompt, first_message, prompt }) => ({ call_prompt, first_message, prompt }),
  result: ({ summary, analysis_results }) => ({ summary, analysis_results }),
}
const RUN_FIELDS: Readonly<Record<string, (run: Run) => unknown>> = {
  input: (run) => run.input ?? null,
  parameters: (run) => run.parameters,
  steps: (run) => run.steps,
}

export function revealRoutes(context: Context) {
  const { reads } = context

  async function mayReveal(access: Access, callId: string | null): Promise<boolean> {
    const { workspaceId, personId, scopes } = access
    if (allows(scopes, 'write')) return true
    const person = personId === null ? null : await findPerson(reads, workspaceId, personId)
    if (person === null || callId === null) return false
    const { name, email, team } = person
    const theirs = [name, email, `user:${email}`, ...(team === null ? [] : [`team:${team}`])]
    const { rows } = await reads.query(
      `select 1 from handoffs where workspace_id = $1 and call_id = $2 and status = 'open'
         and due_at > now() and (assign is null or assign = any($3)) limit 1`,
      [workspaceId, callId, theirs],
    )
    return rows.length > 0
  }

  return {
    async reveal({ body: { handle }, access }) {
      const { workspaceId } = access
      const [kind, id = '', field = ''] = handle.split('/')
      if (kind === 'call') {
        if (!(await mayReveal(access, id))) throw forbidden()
        const call = await findYoung(context, id, () => findCall(reads, workspaceId, id))
        if (call === null) throw notFound('call')
        return { handle, value: CALL_FIELDS[field]?.(call) }
      }
      const run = await findRun(reads, workspaceId, id)
      if (!(await mayReveal(access, run?.call_id ?? null))) throw forbidden()
      if (run === null) throw notFound('run')
      return { handle, value: RUN_FIELDS[field]?.(run) }
    },
  } satisfies Partial<Handlers>
}

const forbidden = (): ProblemError =>
  new ProblemError(
    'forbidden',
    'You may reveal what belongs to your own handoffs, while they are open',
  )
