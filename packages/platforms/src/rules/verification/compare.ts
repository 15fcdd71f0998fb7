import { timingSafeEqual } from 'node:crypto'

/** Equal, in a time that does not depend on where the first difference is. */
export function sameText(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** A hexadecimal digest, of either case. */
export function sameHex(given: string, expected: Buffer): boolean {
  if (given.length !== expected.length * 2 || !/^[0-9a-fA-F]*$/.test(given)) return false
  return timingSafeEqual(Buffer.from(given, 'hex'), expected)
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

export function sameBase64(given: string, expected: Buffer): boolean {
  if (given.length !== Math.ceil(expected.length / 3) * 4 || !BASE64.test(given)) return false
  const bytes = Buffer.from(given, 'base64')
  return bytes.length === expected.length && timingSafeEqual(bytes, expected)
}
