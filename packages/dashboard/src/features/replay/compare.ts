// Then and now, row by row.

import type {
  BacktestedCall,
  DryRun,
  DryRunCreate,
  JsonObject,
  Run,
  RunStep,
} from '@bookend/contract'

export interface ParameterRow {
  name: string
  was: unknown
  now: unknown
  isChanged: boolean
  /** Why there was, or is, no value of the workflow's own. */
  wasMissing: string | null
  nowMissing: string | null
}

/** In the order of the answer of now; what is gone comes last. */
export function compareParameters({ was, now, changed }: BacktestedCall): ParameterRow[] {
  const names = [...new Set([...Object.keys(now.parameters), ...Object.keys(was.parameters)])]
  const reasonOf = ({ missing }: typeof was, name: string): string | null =>
    missing.find((miss) => miss.name === name)?.reason ?? null
  return names.map((name) => ({
    name,
    was: was.parameters[name],
    now: now.parameters[name],
    isChanged: changed.includes(name),
    wasMissing: reasonOf(was, name),
    nowMissing: reasonOf(now, name),
  }))
}

/** The run as it would be now, for the same chart as the one of then. */
export function runOfNow(run: Run, { call, version }: { call: BacktestedCall; version: string }) {
  const { now, steps = [] } = call
  return {
    ...run,
    version,
    status: now.status,
    outcome: now.outcome,
    parameters: now.parameters,
    missing: now.missing,
    error: now.error,
    failure: null,
    duration_ms: now.duration_ms,
    steps,
    platform: null,
    repeat_of: null,
  } satisfies Run
}

type DryStep = DryRun['steps'][number]

export interface StepPair {
  name: string
  was: RunStep | null
  now: DryStep | null
  isChanged: boolean
}

/** In the order of now; steps that only the past has come last. */
export function compareSteps(was: readonly RunStep[], now: readonly DryStep[]): StepPair[] {
  const names = [...new Set([...now, ...was].map(({ name }) => name))]
  return names.map((name) => {
    const before = was.find((step) => step.name === name) ?? null
    const after = now.find((step) => step.name === name) ?? null
    return {
      name,
      was: before,
      now: after,
      isChanged:
        before?.status !== after?.status ||
        inOrder(before?.output ?? null) !== inOrder(after?.output ?? null),
    }
  })
}

/** What people answered then, so that a dry run can go on past them. */
export function answersOf({ steps }: Run): DryRunCreate['answers'] {
  const answers: DryRunCreate['answers'] = {}
  for (const { name, kind, output } of steps) {
    if (kind !== 'human' || !isObject(output)) continue
    const { answer } = output
    // It came as JSON and goes as JSON.
    if (isObject(answer)) answers[name] = answer as JsonObject
  }
  return answers
}

const SHARE_FROM_MS = 20

/** `700 ms faster, 35 %`; null where it took as long. */
export function renderTimeChange(wasMs: number, nowMs: number): string | null {
  const ms = Math.round(nowMs - wasMs)
  if (ms === 0) return null
  // Of a few milliseconds a share says nothing.
  const share =
    wasMs >= SHARE_FROM_MS ? `, ${Math.round((100 * Math.abs(nowMs - wasMs)) / wasMs)} %` : ''
  return `${Math.abs(ms)} ms ${ms < 0 ? 'faster' : 'slower'}${share}`
}

/** As text, with the names of each object in one order: a database gives them back in its own. */
const inOrder = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    isObject(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
