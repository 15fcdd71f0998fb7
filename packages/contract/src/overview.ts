// What the first screen shows of the last day: how calls were answered, and what went wrong after.

import { z } from 'zod'
import { missingReasons } from './pre-call.ts'
import { instant, uuid } from './primitives.ts'

const count = () => z.number().int()
const ms = () => z.number().nullable()

export const OverviewHour = z.object({
  /** When the hour began. */
  at: instant(),
  answered: count(),
  p50_ms: z.number(),
  p95_ms: z.number(),
})

export const OverviewFailure = z.object({
  workflow: z.string(),
  /** The step that failed the runs; null where it was none. */
  step: z.string().nullable(),
  runs: count(),
  /** Whether nobody can tell if a step was done, so that a person has to say. */
  unsure: z.boolean(),
  /** Of the newest of them. */
  error: z.string().nullable(),
  run_id: uuid(),
  call_id: uuid().nullable(),
  at: instant(),
})

export const Overview = z
  .object({
    since: instant(),
    /** Only the newest runs were looked at: there were more than 20,000. */
    sampled: z.boolean(),
    calls: z.object({
      /** 20,000 stands for as many or more. */
      total: count(),
      /** Ringing or spoken on. */
      live: count(),
    }),
    pre_call: z.object({
      answered: count(),
      /** Of those answered: with a default in place of something. */
      partial: count(),
      /** Of those answered: with the defaults alone. */
      fallback: count(),
      /** Of those answered: after the platform had stopped waiting. */
      late: count(),
      p50_ms: ms(),
      p95_ms: ms(),
      /** The deadline that most of them had. */
      deadline_ms: ms(),
      hours: z.array(OverviewHour),
    }),
    /** Why agents were told defaults, the most frequent first. */
    defaults: z.array(
      z.object({
        workflow: z.string(),
        step: z.string().nullable(),
        reason: z.enum(missingReasons),
        count: count(),
      }),
    ),
    journeys: z.object({
      started: count(),
      completed: count(),
      waiting: count(),
      failed: count(),
      /** The same step of the same journey is one row, the newest first. */
      failures: z.array(OverviewFailure),
    }),
  })
  .meta({ id: 'Overview' })

export type Overview = z.infer<typeof Overview>
export type OverviewFailure = z.infer<typeof OverviewFailure>
