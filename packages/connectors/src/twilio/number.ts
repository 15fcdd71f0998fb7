import { ConnectorFault, action, maybeDone } from '@bookend/core'
import { z } from 'zod'
import { type Context, exchangeLookup } from './rest.ts'
import { LookedUp, LookupInput } from './schema.ts'

const LookupAnswer = z.object({
  phone_number: z.string().nullable(),
  valid: z.boolean(),
  country_code: z.string().nullable().optional(),
  line_type_intelligence: z
    .object({
      type: z.string().nullable().optional(),
      carrier_name: z.string().nullable().optional(),
    })
    .nullable()
    .optional(),
})

/** Each costs something, so what is no number is not asked about. */
export const numberLookup = action({
  effect: 'read',
  input: LookupInput,
  output: LookedUp.nullable(),
  timeoutMs: 3_000,
  run: async (ctx: Context, { phone }) => {
    const parsed = ctx.phone.parse(phone)
    if (parsed === null) return null
    const { body } = await exchangeLookup(ctx, {
      effect: 'read',
      method: 'GET',
      path: ['v2', 'PhoneNumbers', parsed.e164],
      query: { Fields: 'line_type_intelligence' },
    })
    const { success, data } = LookupAnswer.safeParse(body)
    if (!success) throw new ConnectorFault(maybeDone('read', 'invalid_body'))
    return {
      phone: data.phone_number ?? parsed.e164,
      is_valid: data.valid,
      country: data.country_code ?? null,
      line_type: data.line_type_intelligence?.type ?? null,
      carrier: data.line_type_intelligence?.carrier_name ?? null,
    }
  },
})
