// A platform's recording, kept where it stays.
//
//   first part ─▶ that is all: one PUT
//              └▶ there is more: an upload in parts, one after the other ─▶ complete, or abort
//
// R1. No more than one part is in memory.
// R2. The link is asked by the guard of outgoing connections, and the bucket's credential goes nowhere
//     but to the bucket.
// R3. A link that answers with no recording stores nothing.

import { ConnectorFault, action, classifyHttp } from '@bookend/core'
import { ask, textOf, type Context } from './ask.ts'
import { headersOf, putObject } from './objects.ts'
import { ArchiveInput, Stored } from './schema.ts'

const ARCHIVE_MS = 120_000
const PART_BYTES = 8_388_608
const TOTAL_BYTES_MAX = 209_715_200

export const recordingArchive = action({
  effect: 'write',
  idempotency: { class: 'natural', by: 'subject' },
  input: ArchiveInput,
  output: Stored,
  timeoutMs: ARCHIVE_MS,
  preview: ({ key }) => ({ key, bytes: 0, existed: false }),
  run: async (ctx: Context, { key, url }) => {
    const first = await readPart(ctx, url, 0)
    if (first.total > TOTAL_BYTES_MAX) throw refused('recording_too_large')
    if (first.bytes.byteLength >= first.total) {
      return await putObject(ctx, { key, bytes: first.bytes, type: first.type })
    }
    await putParts(ctx, { key, url, first })
    return { key, bytes: first.total, existed: false }
  },
})

interface Part {
  readonly bytes: Uint8Array
  /** Of the whole. */
  readonly total: number
  readonly type: string
}

async function readPart(ctx: Context, url: string, start: number): Promise<Part> {
  const result = await ctx.http.send({
    method: 'GET',
    url,
    headers: { range: `bytes=${start}-${start + PART_BYTES - 1}` },
    effect: 'read',
    totalMs: Math.max(1, Math.min(ARCHIVE_MS, ctx.remainingMs())),
    maxBodyBytes: PART_BYTES,
    signal: ctx.signal,
  })
  if (result.kind === 'failed' && result.code === 'response_too_large') {
    throw refused('source_gives_no_parts')
  }
  const verdict = classifyHttp(result, 'read', ctx.now())
  // Whatever the link's host says of a credential, it is not this connection's.
  if (verdict.kind === 'auth' || verdict.kind === 'missing') throw refused('recording_not_there')
  if (verdict.kind !== 'ok') throw new ConnectorFault(verdict)
  if (result.kind === 'failed') throw new ConnectorFault({ kind: 'retry', detail: result.code })
  const { status, headers, body } = result
  const [, from, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers['content-range'] ?? '') ?? []
  if (body.byteLength === 0) throw refused('recording_empty')
  if (status === 206 ? Number(from) !== start : start !== 0) throw refused('source_gives_no_parts')
  return {
    bytes: body,
    total: status === 206 ? Number(total) : body.byteLength,
    type: /^[\w.+-]+\/[\w.+-]+/.exec(headers['content-type'] ?? '')?.[0] ?? 'audio/wav',
  }
}

async function putParts(
  ctx: Context,
  given: { readonly key: string; readonly url: string; readonly first: Part },
): Promise<void> {
  const { key, url, first } = given
  const common = { effect: 'write', key, timeoutMs: ARCHIVE_MS } as const
  const begun = await ask(ctx, {
    ...common,
    method: 'POST',
    query: { uploads: '' },
    headers: headersOf(ctx, first.type),
  })
  const [, uploadId] = /<UploadId>([^<]{1,1000})<\/UploadId>/.exec(textOf(begun.body)) ?? []
  if (uploadId === undefined) throw new ConnectorFault({ kind: 'retry', detail: 'no_upload' })
  try {
    const tags: string[] = []
    let part = first
    for (let start = 0; start < first.total; start += part.bytes.byteLength) {
      if (start > 0) part = await readPart(ctx, url, start)
      const query = { partNumber: tags.length + 1, uploadId }
      const { headers } = await ask(ctx, { ...common, method: 'PUT', query, body: part.bytes })
      tags.push(headers['etag'] ?? '')
    }
    const parts = tags.map(
      (tag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${escapeXml(tag)}</ETag></Part>`,
    )
    const xml = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
    const query = { uploadId }
    await ask(ctx, { ...common, method: 'POST', query, body: Buffer.from(xml) })
  } catch (error) {
    // What is left of it costs the owner money; that it ends is no part of the answer.
    await ask(ctx, { ...common, method: 'DELETE', query: { uploadId } }).catch(() => undefined)
    throw error
  }
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

const refused = (detail: string): ConnectorFault => new ConnectorFault({ kind: 'refused', detail })
