import { z } from 'zod'
import { instant, listQuery, nextCursor, text, uuid } from './primitives.ts'

export const NumberCreate = z.strictObject({
  number: text(32).regex(/^\+[1-9]\d{3,14}$/, {
    error: 'must be in E.164 form, such as +15550100900',
  }),
  label: text(200).default(''),
})

export const PhoneNumber = z
  .object({
    id: uuid(),
    number: z.string(),
    label: z.string(),
    agent_id: uuid().nullable(),
    agent_version: z.number().int().nullable(),
    created_at: instant(),
  })
  .meta({ id: 'PhoneNumber' })

export const NumberListQuery = z.strictObject(listQuery)
export const NumberList = z.object({ numbers: z.array(PhoneNumber), next_cursor: nextCursor })

export const AssignAgent = z.strictObject({
  agent_uuid: uuid().nullable(),
  version_id: z.number().int().nullable().default(null),
})
export const Message = z.object({ message: z.string() })

export type NumberCreate = z.infer<typeof NumberCreate>
export type PhoneNumber = z.infer<typeof PhoneNumber>
export type AssignAgent = z.infer<typeof AssignAgent>
