// Writes records.
//
// W1. An upsert names the record by a value that is its own: a repeat changes the same one.
// W2. Two upserts of a new value at one moment collide; the second's next try finds the first's.
// W3. A success can tell of a failure inside.

import { ConnectorFault, maybeDone } from '@bookend/core'
import { z } from 'zod'
import { type Context, codeOf, duplicateOf, exchange } from './session.ts'

export type Values = Readonly<Record<string, string | number | boolean | null>>

const Saved = z.object({
  id: z.string().min(1).optional(),
  success: z.boolean(),
  errors: z
    .array(z.object({ statusCode: z.string().optional(), message: z.string().optional() }))
    .default([]),
})

/** @throws {ConnectorFault} It was not saved, or nobody can tell. */
function readSaved(body: unknown): string {
  const { data } = Saved.safeParse(body)
  if (data?.success === false) {
    const [first] = data.errors
    const code = codeOf(first?.statusCode ?? '')
    throw code === 'duplicate_value'
      ? new ConnectorFault({ kind: 'conflict', detail: duplicateOf(first?.message) })
      : new ConnectorFault({ kind: 'refused', detail: code })
  }
  if (data?.id === undefined) throw new ConnectorFault(maybeDone('write', 'no_id_in_answer'))
  return data.id
}

/** @returns The id of the new record. */
export async function create(ctx: Context, object: string, values: Values): Promise<string> {
  const { body } = await exchange(ctx, {
    effect: 'write',
    method: 'POST',
    path: ['sobjects', object],
    body: { json: values },
  })
  return readSaved(body)
}

/** @returns The id of the record whose external id that is, made or changed. */
export async function upsert(
  ctx: Context,
  object: string,
  [field, value]: readonly [field: string, value: string],
  values: Values,
): Promise<string> {
  try {
    const { body } = await exchange(ctx, {
      effect: 'write',
      method: 'PATCH',
      path: ['sobjects', object, field, value],
      body: { json: values },
    })
    return readSaved(body)
  } catch (error) {
    const detail = error instanceof ConnectorFault ? error.verdict.detail : ''
    if (detail !== `duplicate_${field.toLowerCase()}`) throw error
    throw new ConnectorFault({ kind: 'retry', detail: 'made_at_the_same_moment' })
  }
}

export async function update(
  ctx: Context,
  object: string,
  id: string,
  values: Values,
): Promise<void> {
  const { status } = await exchange(ctx, {
    effect: 'write',
    method: 'PATCH',
    path: ['sobjects', object, id],
    body: { json: values },
    answer: 'ignored',
  })
  if (status !== 204) throw new ConnectorFault(maybeDone('write', `http_${status}`))
}
