// Credentials at rest: AES-256-GCM under the server's secret key.
//
//   1 byte version · 4 bytes key id · 12 bytes nonce · 16 bytes tag · ciphertext
//
// S1. What a value belongs to is bound in, so a sealed value moved to another row does not open.
// S2. The tag is always 16 bytes (threats fact 17).
// S3. New values are sealed with the current key; what an earlier one sealed opens as long as that
//     key is here. The key id is bound in with the context.
// S4. Values of version 1 have no key id: each key is tried.

import { BookendError } from '@bookend/core'
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** A stored credential was sealed under another key, or was moved or changed. */
export class SecretUnreadableError extends BookendError {
  override readonly name = 'SecretUnreadableError'
  readonly code = 'secret_unreadable'
  readonly retryable = false
}

export interface Secrets {
  /** @param context What the value belongs to, such as `agents.auth_token:<workspace>:<agent>`. */
  encrypt(plain: string, context: string): Buffer
  /** @throws {SecretUnreadableError} */
  decrypt(sealed: Uint8Array, context: string): string
}

export interface Keyring extends Secrets {
  /** Eight hexadecimal digits; tells keys apart and opens nothing. */
  readonly keyId: string
  readonly previousKeyIds: readonly string[]
  /** The first bytes of whatever the current key sealed. */
  readonly prefix: Buffer
  /** Keys derived for another purpose, such as `bookend/handoff-links/1`; the current one first. */
  keysFor(purpose: string): readonly Buffer[]
  /** Seals with this key from now on; the one before still opens what it sealed. */
  use(secretKey: Uint8Array): void
}

const VERSION = 2
const VERSION_WITHOUT_KEY = 1
const KEY_ID_BYTES = 4
const NONCE_BYTES = 12
const TAG_BYTES = 16
export const secretKeyBytes = 32

interface Key {
  readonly id: Buffer
  readonly key: Buffer
}

const deriveKey = (secretKey: Uint8Array): Key => ({
  id: Buffer.from(hkdfSync('sha256', secretKey, '', 'bookend/key-id/1', KEY_ID_BYTES)),
  key: Buffer.from(hkdfSync('sha256', secretKey, '', 'bookend/credentials/1', 32)),
})

/** @param previous Keys that only open. */
export function createSecrets(
  secretKey: Uint8Array,
  previous: readonly Uint8Array[] = [],
): Keyring {
  let current = deriveKey(secretKey)
  let others = without(previous.map(deriveKey), current)

  return {
    get keyId() {
      return current.id.toString('hex')
    },
    get previousKeyIds() {
      return others.map(({ id }) => id.toString('hex'))
    },
    get prefix() {
      return prefixOf(current)
    },
    keysFor: (purpose) =>
      [current, ...others].map(({ key }) => Buffer.from(hkdfSync('sha256', key, '', purpose, 32))),
    use(fresh) {
      const before = current
      current = deriveKey(fresh)
      others = without([before, ...others], current)
    },
    encrypt(plain, context) {
      const nonce = randomBytes(NONCE_BYTES)
      const prefix = prefixOf(current)
      const cipher = createCipheriv('aes-256-gcm', current.key, nonce, {
        authTagLength: TAG_BYTES,
      })
      cipher.setAAD(Buffer.concat([prefix, Buffer.from(context)]))
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return Buffer.concat([prefix, nonce, cipher.getAuthTag(), body])
    },
    decrypt(sealed, context) {
      const bytes = Buffer.from(sealed)
      const keys = [current, ...others]
      if (bytes[0] === VERSION_WITHOUT_KEY) return openWithoutKey(bytes, context, keys)
      const prefix = bytes.subarray(0, 1 + KEY_ID_BYTES)
      const key = keys.find((one) => prefixOf(one).equals(prefix))
      if (key === undefined) throw unreadable(context)
      const rest = bytes.subarray(prefix.length)
      const aad = Buffer.concat([prefix, Buffer.from(context)])
      try {
        return open(rest, aad, key)
      } catch (error) {
        throw unreadable(context, error)
      }
    },
  }
}

const prefixOf = ({ id }: Key): Buffer => Buffer.concat([Buffer.of(VERSION), id])

const without = (keys: readonly Key[], current: Key): readonly Key[] =>
  keys.filter((one, at) => {
    const isFirst = keys.findIndex(({ id }) => id.equals(one.id)) === at
    return isFirst && !one.id.equals(current.id)
  })

function openWithoutKey(bytes: Buffer, context: string, keys: readonly Key[]): string {
  let last: unknown
  for (const key of keys) {
    try {
      return open(bytes.subarray(1), Buffer.from(context), key)
    } catch (error) {
      last = error
    }
  }
  throw unreadable(context, last)
}

/** @throws It was sealed under another key, for something else, or is not whole. */
function open(rest: Buffer, aad: Buffer, { key }: Key): string {
  const nonce = rest.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(aad)
  decipher.setAuthTag(rest.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
  const plain = [decipher.update(rest.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]
  return Buffer.concat(plain).toString('utf8')
}

function unreadable(context: string, cause?: unknown): SecretUnreadableError {
  const what = context.split(':')[0] ?? 'a credential'
  return new SecretUnreadableError(
    `A stored ${what} cannot be opened with this secret key; use the BOOKEND_SECRET_KEY it was stored under, or enter it again`,
    { cause },
  )
}
