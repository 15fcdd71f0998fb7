// API keys: `bk_<id>_<secret>`, 256 random bits in the secret, stored as a hash only (threats E5).

import { KEY_PATTERN } from '@bookend/contract'
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

const ID_ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
const ID_LENGTH = 12
const SECRET_BYTES = 32
/** The secret is written in base 62, padded; 43 digits hold 256 bits. */
const SECRET_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const SECRET_LENGTH = 43

export interface NewApiKey {
  readonly id: string
  /** What the owner keeps; it cannot be had again. */
  readonly key: string
  readonly hash: Uint8Array
}

export function createApiKey(): NewApiKey {
  const id = Array.from(
    randomBytes(ID_LENGTH),
    (byte) => ID_ALPHABET[byte % ID_ALPHABET.length],
  ).join('')
  const key = `bk_${id}_${base62(randomBytes(SECRET_BYTES))}`
  return { id, key, hash: hashApiKey(key) }
}

/** The id by which a key is found; null for what does not look like a key. */
export const apiKeyId = (key: string): string | null => KEY_PATTERN.exec(key)?.[1] ?? null

/** A key has 256 random bits, so a fast hash cannot be guessed back. */
export const hashApiKey = (key: string): Uint8Array => createHash('sha256').update(key).digest()

/** Takes the same time whatever differs. */
export const isApiKey = (key: string, hash: Uint8Array): boolean =>
  timingSafeEqual(hashApiKey(key), hash)

function base62(bytes: Uint8Array): string {
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let text = ''
  while (text.length < SECRET_LENGTH) {
    text = `${SECRET_ALPHABET[Number(rest % 62n)]}${text}`
    rest /= 62n
  }
  return text
}
