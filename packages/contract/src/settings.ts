// What a workspace keeps for how long, and to whom it shows what is personal.

import { z } from 'zod'

const days = () => z.number().int().min(0).max(3_650).nullable()

/** In days; 0 keeps for ever, null is as the server has it. */
const retention = {
  /** A call with all that is its own. */
  calls_days: days(),
  /** What was said in a call, while the rest of it stays; null: as long as the call. */
  transcripts_days: days(),
  /** Runs that are over with their steps; null: as long as their call. */
  runs_days: days(),
  /** Deliveries that have ended, with their tries. */
  deliveries_days: days(),
}

export const Retention = z.object(retention)
export const RetentionUpdate = z.strictObject(retention).partial()

/** To whom the dashboard shows personal data masked: who may not reveal it, or everybody at first. */
export const maskRules = ['viewers', 'everyone'] as const

export const Settings = z
  .object({
    retention: Retention,
    /** What null stands for, from `BOOKEND_RETENTION_DAYS`. */
    server_days: z.number().int(),
    mask_for: z.enum(maskRules),
  })
  .meta({ id: 'Settings' })

export const SettingsUpdate = z.strictObject({
  retention: RetentionUpdate.optional(),
  mask_for: z.enum(maskRules).optional(),
})

/** What the next sweep would delete; 10,000 stands for as many or more. */
export const RetentionPreview = z.object({
  calls: z.number().int(),
  transcripts: z.number().int(),
  runs: z.number().int(),
  deliveries: z.number().int(),
})

export type Retention = z.infer<typeof Retention>
export type RetentionUpdate = z.infer<typeof RetentionUpdate>
export type MaskRule = (typeof maskRules)[number]
export type Settings = z.infer<typeof Settings>
export type SettingsUpdate = z.infer<typeof SettingsUpdate>
export type RetentionPreview = z.infer<typeof RetentionPreview>
