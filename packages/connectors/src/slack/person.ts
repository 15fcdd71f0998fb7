import { ConnectorFault, action, maybeDone } from '@bookend/core'
import { z } from 'zod'
import { nullIfMissing } from '../finding.ts'
import { Person } from '../records.ts'
import { type Context, call } from './rest.ts'
import { FindPersonInput } from './schema.ts'

const UserAnswer = z.object({
  user: z.object({
    id: z.string().min(1),
    deleted: z.boolean().default(false),
    real_name: z.string().optional(),
    name: z.string().optional(),
    profile: z
      .object({ real_name: z.string().optional(), email: z.string().optional() })
      .default({}),
  }),
})

export const personFindByEmail = action({
  effect: 'read',
  input: FindPersonInput,
  output: Person.nullable(),
  timeoutMs: 2_000,
  run: async (ctx: Context, { email }) => {
    return await nullIfMissing(async () => {
      // This method alone takes no JSON.
      const { body } = await call(ctx, 'read', 'users.lookupByEmail', { form: { email } })
      const { success, data } = UserAnswer.safeParse(body)
      if (!success) throw new ConnectorFault(maybeDone('read', 'invalid_body'))
      const { id, deleted, real_name: real, name, profile } = data.user
      if (deleted) return null
      const own = real || profile.real_name || name || null
      return { id, name: own, email: profile.email ?? email }
    })
  },
})
