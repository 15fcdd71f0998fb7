import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'
import { OutgoingFault } from './codes.ts'

type Decode = (body: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>
type ResponseHeaders = Readonly<Record<string, string>>

const inflateZlib: Decode = promisify(inflate)
const inflateBare: Decode = promisify(inflateRaw)
const gunzipAll: Decode = promisify(gunzip)

const DECODERS: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['gzip', gunzipAll],
  ['x-gzip', gunzipAll],
  ['br', promisify(brotliDecompress)],
  // The name covers two formats in the wild; zlib's header begins with the method's number.
  [
    'deflate',
    (body, options) => (((body[0] ?? 0) & 0x0f) === 8 ? inflateZlib : inflateBare)(body, options),
  ],
])

/** Names in lower case; an object without a prototype, for the names are the target's. */
export function readHeaders(raw: readonly Buffer[]): ResponseHeaders {
  const headers: Record<string, string> = Object.create(null)
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index]?.toString('latin1').toLowerCase() ?? ''
    const value = raw[index + 1]?.toString('latin1') ?? ''
    const earlier = headers[name]
    headers[name] = earlier === undefined ? value : `${earlier}, ${value}`
  }
  return headers
}

/**
 * How to read a body that came in a coding although none was asked for; `null` if it came in none.
 *
 * @throws {OutgoingFault} `unsupported_encoding`: unknown, or more than one.
 */
export function decoderOf(headers: ResponseHeaders): Decode | null {
  const coding = (headers['content-encoding'] ?? '').trim().toLowerCase()
  if (coding === '' || coding === 'identity') return null
  const decode = DECODERS.get(coding)
  if (decode === undefined) throw new OutgoingFault('unsupported_encoding')
  return decode
}

/**
 * Stops at the first piece past `bytesMax`, however much the body would still expand.
 *
 * @throws {OutgoingFault} `response_too_large`, or `unsupported_encoding` for a body not in the coding.
 */
export async function decodeBody(
  decode: Decode,
  body: Uint8Array,
  bytesMax: number,
): Promise<Uint8Array> {
  if (body.length === 0) return body
  try {
    // One byte more than allowed, for zlib takes no limit of nothing.
    const decoded = await decode(body, { maxOutputLength: bytesMax + 1 })
    if (decoded.length <= bytesMax) return decoded
  } catch (error) {
    if (!(error instanceof RangeError)) throw new OutgoingFault('unsupported_encoding')
  }
  throw new OutgoingFault('response_too_large')
}

/** -1 if the target declared none. */
export function declaredLength(headers: ResponseHeaders): number {
  const text = headers['content-length']
  return text === undefined ? -1 : Number(text)
}
