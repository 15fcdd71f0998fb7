import { createHash } from 'node:crypto'

const PLAIN = /^[A-Za-z0-9_-]{1,64}$/
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
const LENGTH = 32

/**
 * The key of an effect where a system takes only letters, digits, `_` and `-`, and no more than 64 of
 * them: itself where it is so already, else its hash, 160 bits in base 32.
 */
export function keyId(key: string): string {
  if (PLAIN.test(key)) return key
  let bits = 0n
  for (const byte of createHash('sha256').update(key).digest().subarray(0, 20)) {
    bits = (bits << 8n) | BigInt(byte)
  }
  let text = ''
  for (let at = 0; at < LENGTH; at += 1) {
    text = (ALPHABET[Number(bits & 31n)] ?? '') + text
    bits >>= 5n
  }
  return `bk_${text}`
}
