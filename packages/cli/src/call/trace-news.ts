// What happened between two looks at a call, in the order to tell it.
//
// N1. Each fact is told once: an attempt that failed, a step that ended or began to wait, a run that
//     began or ended, a delivery that was tried or ended.
// N2. Pure: the two looks are all it knows.

import type { Delivery, Run, RunStep, Trace } from '@bookend/contract'

export type News =
  | { kind: 'run-began'; run: Run }
  | { kind: 'attempt-failed'; run: Run; step: RunStep; attempt: number; error: string }
  | { kind: 'step'; run: Run; step: RunStep }
  | { kind: 'run-ended'; run: Run }
  | { kind: 'delivery'; delivery: Delivery }

const RUN_ENDS: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled', 'suppressed'])
const STEP_ENDS: ReadonlySet<string> = new Set(['ok', 'cached', 'cut', 'failed', 'skipped'])

export const isEnded = ({ status }: Run): boolean => RUN_ENDS.has(status)

export function findNews(before: Trace | null, now: Trace): News[] {
  const known = new Map(before?.journeys.map((run) => [run.id, run]))
  const journeys = now.journeys.flatMap((run) => findRunNews(known.get(run.id), run))
  const sent = new Map(before?.deliveries.map((delivery) => [delivery.id, delivery]))
  const deliveries = now.deliveries
    .filter((delivery) => isDeliveryNews(sent.get(delivery.id), delivery))
    .map((delivery): News => ({ kind: 'delivery', delivery }))
  return [...journeys, ...deliveries]
}

function findRunNews(before: Run | undefined, run: Run): News[] {
  const news: News[] = before === undefined ? [{ kind: 'run-began', run }] : []
  const known = new Map(before?.steps.map((step) => [step.name, step]))
  for (const step of run.steps) news.push(...findStepNews(known.get(step.name), step, run))
  if (isEnded(run) && (before === undefined || !isEnded(before))) {
    news.push({ kind: 'run-ended', run })
  }
  return news
}

function findStepNews(before: RunStep | undefined, step: RunStep, run: Run): News[] {
  const told = before?.attempts.length ?? 0
  const isLast = step.status === 'failed'
  // The last attempt of a step that failed is told by the step itself.
  const news = step.attempts.slice(told, isLast ? -1 : undefined).flatMap((attempt): News[] => {
    const { error, attempt: number } = attempt
    return error === null ? [] : [{ kind: 'attempt-failed', run, step, attempt: number, error }]
  })
  // A plain step waits between its attempts, which the attempt that failed has told.
  const waits = step.status === 'waiting' && step.kind !== 'step'
  const changed = before?.status !== step.status
  const tells = changed && (waits || STEP_ENDS.has(step.status))
  return tells ? [...news, { kind: 'step', run, step }] : news
}

function isDeliveryNews(before: Delivery | undefined, now: Delivery): boolean {
  if (before === undefined) return now.status !== 'pending' || now.attempts > 0
  return before.status !== now.status || before.attempts !== now.attempts
}
