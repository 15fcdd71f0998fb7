// What a workflow reads: one round trip each.

import { action } from '@bookend/core'
import { type Context, READ_MS, keyIn, read } from './client.ts'
import { readList, readText, readValue } from './read-value.ts'
import {
  FindByPhoneInput,
  GetInput,
  GetManyInput,
  Has,
  Hash,
  HashGetInput,
  SetHasInput,
  Value,
  Values,
} from './schema.ts'

export const valueGet = action({
  effect: 'read',
  input: GetInput,
  output: Value,
  timeoutMs: READ_MS,
  run: async (ctx: Context, { key, as }) =>
    readValue(await read(ctx, 'GET', [keyIn(ctx, key)]), as),
})

export const valueGetMany = action({
  effect: 'read',
  input: GetManyInput,
  output: Values,
  timeoutMs: READ_MS,
  run: async (ctx: Context, { keys, as }) => {
    const reply = await read(
      ctx,
      'MGET',
      keys.map((key) => keyIn(ctx, key)),
    )
    return { values: readList(reply).map((value) => readValue(value, as)) }
  },
})

export const valueFindByPhone = action({
  effect: 'read',
  input: FindByPhoneInput,
  output: Value,
  timeoutMs: READ_MS,
  run: async (ctx: Context, { phone, prefix, as }) => {
    const number = ctx.phone.parse(phone)
    if (number === null) return null
    // A key says nothing of its country: only forms that carry theirs are one number's alone.
    const forms = ctx.phone
      .variants(number.e164)
      .filter((form) => form.startsWith('+') || form.startsWith('00') || isDigits(form, number))
    const reply = await read(
      ctx,
      'MGET',
      forms.map((form) => keyIn(ctx, prefix + form)),
    )
    return readValue(readList(reply).find((value) => value !== null) ?? null, as)
  },
})

const isDigits = (form: string, { e164 }: { readonly e164: string }): boolean => `+${form}` === e164

export const hashGet = action({
  effect: 'read',
  input: HashGetInput,
  output: Hash.nullable(),
  timeoutMs: READ_MS,
  run: async (ctx: Context, { key, fields }) => {
    const at = keyIn(ctx, key)
    const pairs =
      fields.length === 0
        ? pairsOf(readList(await read(ctx, 'HGETALL', [at])))
        : readList(await read(ctx, 'HMGET', [at, ...fields])).flatMap((value, index) =>
            value === null ? [] : [[fields[index] ?? '', readText(value)] as const],
          )
    return pairs.length === 0 ? null : Object.fromEntries(pairs)
  },
})

/** A field, its value, the next field. */
function pairsOf(flat: ReturnType<typeof readList>): (readonly [string, string])[] {
  return flat.flatMap((name, at) =>
    at % 2 === 0 ? [[readText(name), readText(flat[at + 1])] as const] : [],
  )
}

export const setHas = action({
  effect: 'read',
  input: SetHasInput,
  output: Has,
  timeoutMs: READ_MS,
  run: async (ctx: Context, { key, member }) => ({
    has: (await read(ctx, 'SISMEMBER', [keyIn(ctx, key), member])) === 1,
  }),
})
