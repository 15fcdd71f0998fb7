// The keys that credentials are kept under, and the move from one to the next.

import { z } from 'zod'

export const SecretKeys = z
  .object({
    /** Names the key that new values are sealed with; nothing can be opened by it. */
    key_id: z.string(),
    /** Keys that still open what was sealed before. */
    previous_key_ids: z.array(z.string()),
    /** `file`: in the data folder, made by the server. */
    source: z.enum(['environment', 'file']),
    /** How many stored values are sealed with the current key, and with another one. */
    current: z.number().int(),
    others: z.number().int(),
  })
  .meta({ id: 'SecretKeys' })

export const SecretsRotate = z.strictObject({
  /** Makes a new key first; only where the server keeps its key in the data folder. */
  make_key: z.boolean().default(false),
})
export const SecretsRotated = z.object({
  key_id: z.string(),
  /** Sealed anew by this request. */
  rotated: z.number().int(),
  /** Still to do: ask again until it is 0. */
  left: z.number().int(),
  /** Under a key that this server does not have; entered again, or opened once it has. */
  unreadable: z.number().int(),
})

export type SecretKeys = z.infer<typeof SecretKeys>
export type SecretsRotated = z.infer<typeof SecretsRotated>
