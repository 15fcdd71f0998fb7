import { ConnectorFault, action, maybeDone } from '@bookend/core'
import { z } from 'zod'
import { email } from '../inputs.ts'
import { Person } from '../records.ts'
import { type Context, exchange } from './rest.ts'

const Owners = z.object({
  results: z.array(
    z.object({
      id: z.string().min(1),
      email: z.string().nullable().optional(),
      firstName: z.string().nullable().optional(),
      lastName: z.string().nullable().optional(),
      archived: z.boolean().default(false),
    }),
  ),
})

/** The user as the owner of records: `id` is what `owner_id` takes. */
export const personFindByEmail = action({
  effect: 'read',
  input: z.object({ email }),
  output: Person.nullable(),
  timeoutMs: 2_000,
  run: async (ctx: Context, { email: wanted }) => {
    const { body } = await exchange(ctx, {
      effect: 'read',
      method: 'GET',
      path: ['crm', 'v3', 'owners'],
      query: { email: wanted, limit: 1 },
    })
    const { success, data } = Owners.safeParse(body)
    if (!success) throw new ConnectorFault(maybeDone('read', 'invalid_body'))
    const owner = data.results.find(
      (one) => !one.archived && one.email?.toLowerCase() === wanted.toLowerCase(),
    )
    if (owner === undefined) return null
    const name = [owner.firstName, owner.lastName].filter(Boolean).join(' ')
    return { id: owner.id, name: name === '' ? null : name, email: owner.email ?? wanted }
  },
})
