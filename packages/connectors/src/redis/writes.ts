// What a journey writes: each sets what is there, so that a repeat changes nothing.

import { action } from '@bookend/core'
import { type Context, WRITE_MS, keyIn, write } from './client.ts'
import { DeleteInput, HashSetInput, ValueSetInput, Written } from './schema.ts'
import type { RedisSettings, Value } from './schema.ts'

const idempotency = { class: 'natural', by: 'subject' } as const

export const valueSet = action({
  effect: 'write',
  idempotency,
  input: ValueSetInput,
  output: Written,
  timeoutMs: WRITE_MS,
  preview: ({ key }) => ({ key }),
  render: ({ key_prefix: prefix }: RedisSettings, { key, value, ttl_seconds: ttl }) => [
    ['SET', prefix + key, toStored(value), ...expiry(ttl)],
  ],
  run: async (ctx: Context, { key, value, ttl_seconds: ttl }) => {
    await write(ctx, 'SET', [keyIn(ctx, key), toStored(value), ...expiry(ttl)])
    return { key }
  },
})

export const valueDelete = action({
  effect: 'write',
  idempotency,
  input: DeleteInput,
  output: Written,
  timeoutMs: WRITE_MS,
  preview: ({ key }) => ({ key }),
  render: ({ key_prefix: prefix }: RedisSettings, { key }) => [['DEL', prefix + key]],
  run: async (ctx: Context, { key }) => {
    await write(ctx, 'DEL', [keyIn(ctx, key)])
    return { key }
  },
})

export const hashSet = action({
  effect: 'write',
  idempotency,
  input: HashSetInput,
  output: Written,
  timeoutMs: WRITE_MS,
  preview: ({ key }) => ({ key }),
  render: ({ key_prefix: prefix }: RedisSettings, { key, fields, ttl_seconds: ttl }) => [
    ['HSET', prefix + key, ...flat(fields)],
    ...(ttl === undefined ? [] : [['EXPIRE', prefix + key, ttl]]),
  ],
  run: async (ctx: Context, { key, fields, ttl_seconds: ttl }) => {
    const at = keyIn(ctx, key)
    await write(ctx, 'HSET', [at, ...flat(fields)])
    // Cut between the two, the next try does both.
    if (ttl !== undefined) await write(ctx, 'EXPIRE', [at, ttl])
    return { key }
  },
})

const toStored = (value: Value): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

const expiry = (ttl: number | undefined): readonly (string | number)[] =>
  ttl === undefined ? [] : ['EX', ttl]

const flat = (fields: Readonly<Record<string, string | number | boolean>>): string[] =>
  Object.entries(fields).flatMap(([name, value]) => [name, String(value)])
