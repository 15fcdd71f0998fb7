// Objects of a bucket. A key names its object, so a repeat stores the same again.

import { isUtf8 } from 'node:buffer'
import { ConnectorFault, action } from '@bookend/core'
import { nullIfMissing } from '../finding.ts'
import { ask, textOf, type Context } from './ask.ts'
import { Fetched, Head, KeyInput, PutInput, Stored } from './schema.ts'

const READ_MS = 5_000
export const WRITE_MS = 30_000
const OBJECT_BYTES_MAX = 1_048_576

export const objectPut = action({
  effect: 'write',
  idempotency: { class: 'natural', by: 'subject' },
  input: PutInput,
  output: Stored,
  timeoutMs: WRITE_MS,
  preview: (input) => ({ key: input.key, bytes: bytesOf(input).byteLength, existed: false }),
  run: (ctx: Context, input) =>
    putObject(ctx, {
      key: input.key,
      bytes: bytesOf(input),
      type: input.content_type ?? typeOf(input),
      isNew: input.if_absent,
    }),
})

export const objectGet = action({
  effect: 'read',
  input: KeyInput,
  output: Fetched,
  timeoutMs: READ_MS,
  run: async (ctx: Context, { key }) => {
    const { headers, body } = await ask(ctx, {
      effect: 'read',
      method: 'GET',
      key,
      timeoutMs: READ_MS,
      maxBodyBytes: OBJECT_BYTES_MAX,
    })
    const isText = isUtf8(body)
    return {
      key,
      bytes: body.byteLength,
      content_type: headers['content-type'] ?? null,
      text: isText ? textOf(body) : null,
      base64: isText ? null : Buffer.from(body).toString('base64'),
    }
  },
})

/** Null where there is none: a HEAD has no body that would say more. */
export const objectHead = action({
  effect: 'read',
  input: KeyInput,
  output: Head.nullable(),
  timeoutMs: READ_MS,
  run: async (ctx: Context, { key }) => {
    return await nullIfMissing(async () => {
      const question = { effect: 'read', method: 'HEAD', key, timeoutMs: READ_MS } as const
      const { headers } = await ask(ctx, question)
      const length = Number(headers['content-length'])
      return {
        key,
        bytes: Number.isSafeInteger(length) ? length : null,
        content_type: headers['content-type'] ?? null,
      }
    })
  },
})

export interface NewObject {
  readonly key: string
  readonly bytes: Uint8Array
  readonly type: string
  readonly isNew?: boolean
}

export async function putObject(
  ctx: Context,
  { key, bytes, type, isNew = false }: NewObject,
): Promise<{ readonly key: string; readonly bytes: number; readonly existed: boolean }> {
  const done = { key, bytes: bytes.byteLength, existed: false }
  try {
    await ask(ctx, {
      effect: 'write',
      method: 'PUT',
      key,
      headers: { ...headersOf(ctx, type), ...(isNew ? { 'if-none-match': '*' } : {}) },
      body: bytes,
      timeoutMs: WRITE_MS,
    })
    return done
  } catch (error) {
    const isThere = error instanceof ConnectorFault && error.verdict.kind === 'conflict'
    if (isNew && isThere) return { ...done, existed: true }
    throw error
  }
}

export const headersOf = ({ settings }: Context, type: string): Record<string, string> => ({
  'content-type': type,
  ...(settings.encryption === undefined
    ? {}
    : { 'x-amz-server-side-encryption': settings.encryption }),
})

function bytesOf({ text, json, base64 }: PutInput): Uint8Array {
  if (base64 !== undefined) return Buffer.from(base64, 'base64')
  return Buffer.from(text ?? JSON.stringify(json))
}

const typeOf = ({ json, base64 }: PutInput): string => {
  if (base64 !== undefined) return 'application/octet-stream'
  return json === undefined ? 'text/plain; charset=utf-8' : 'application/json'
}
