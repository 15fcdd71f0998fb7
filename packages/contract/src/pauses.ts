// Work that people hold for a while: a journey, or whatever asks a connection.

import { z } from 'zod'
import { instant, text, WORKFLOW_NAME } from './primitives.ts'

export const pauseKinds = ['workflow', 'connection'] as const

export const Pause = z
  .object({
    kind: z.enum(pauseKinds),
    name: z.string(),
    reason: z.string().nullable(),
    by: z.string(),
    at: instant(),
  })
  .meta({ id: 'Pause' })
export const PauseList = z.object({ pauses: z.array(Pause) })

export const PauseCreate = z.strictObject({
  /** For whoever finds it paused. */
  reason: text(500).trim().min(1).optional(),
  /** Who acts; the label of the key that asks when it is left out. */
  by: text(100).trim().min(1).optional(),
})

export const PausedWorkflow = z.strictObject({ name: text(64).regex(WORKFLOW_NAME) })
const part = (what: string) =>
  text(64).regex(/^[a-z0-9][a-z0-9_-]{0,63}$/i, { error: `must be the name of a ${what}` })
export const PausedConnection = z.strictObject({
  connector: part('connector'),
  connection: part('connection'),
})

export type PauseKind = (typeof pauseKinds)[number]
export type Pause = z.infer<typeof Pause>
