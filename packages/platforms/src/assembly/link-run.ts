// Which pre-call run a call belongs to: by the id it echoes, else by any equal id, else by who called
// whom and when, if that leaves no doubt.

const windowMs = 90_000

export interface LinkableRun {
  readonly run_id: string
  /** `provider_call_id` and aliases of the request it answered. */
  readonly ids: readonly string[]
  readonly from_number: string | null
  readonly to_number: string | null
  readonly answered_at: string
}

export interface LinkableCall {
  readonly run_id: string | null
  readonly ids: readonly string[]
  readonly from_number: string | null
  readonly to_number: string | null
  readonly started_at: string | null
}

export interface RunLink {
  readonly run_id: string
  readonly by: 'echo' | 'id' | 'numbers'
}

/** @param runs Recent runs of the same connection that belong to no call yet. */
export function linkRun(call: LinkableCall, runs: readonly LinkableRun[]): RunLink | null {
  const echoed = runs.find(({ run_id }) => run_id === call.run_id)
  if (echoed !== undefined) return { run_id: echoed.run_id, by: 'echo' }
  const sharing = runs.filter(({ ids }) => ids.some((id) => call.ids.includes(id)))
  const [same] = sharing.toSorted((a, b) => (a.answered_at < b.answered_at ? 1 : -1))
  if (same !== undefined) return { run_id: same.run_id, by: 'id' }
  const [only, ...others] = runs.filter((run) => isNear(call, run))
  return only === undefined || others.length > 0 ? null : { run_id: only.run_id, by: 'numbers' }
}

function isNear(call: LinkableCall, run: LinkableRun): boolean {
  const { from_number: from, to_number: to, started_at: startedAt } = call
  // Two withheld callers are not one.
  if (from === null || to === null || startedAt === null) return false
  const apartMs = Math.abs(Date.parse(startedAt) - Date.parse(run.answered_at))
  return run.from_number === from && run.to_number === to && apartMs <= windowMs
}
