// Links that let the assigned person answer a handoff without an account.
//
//   1 byte version · 16 bytes workspace · 16 bytes handoff · 4 bytes revision · 5 bytes end · 8 bytes
//   of the assignee's hash · 32 bytes HMAC-SHA256 over all of it
//
// L1. What is in the link is bound together: a link of one workspace, handoff, assignee or end opens
//     nothing else (C13, E3). What nobody could make is refused without a look into the database (E5).
// L2. It opens one handoff, until that is due. Reassigned, its revision is another; answered, it shows
//     by whom and takes nothing more.
// L3. The key is the server's own, derived for this alone; an earlier one opens what it made.

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Keyring } from '../secrets/secrets.ts'

/** What a link is made for. */
export interface LinkSubject {
  readonly workspaceId: string
  readonly id: string
  readonly assign: string | null
  readonly dueAt: Date
  /** Counts how often it was given to somebody else. */
  readonly revision: number
}

/** What a link says it is for; whether it still is, the handoff knows. */
export interface OpenedLink {
  readonly workspaceId: string
  readonly id: string
  fits(subject: LinkSubject): boolean
  /** For one form that is shown: a post without one is none of ours. */
  createNonce(now: Date): string
  isNonce(nonce: string, now: Date): boolean
}

export interface HandoffLinks {
  linkFor(subject: LinkSubject): string
  /** Null: it is none of ours, or its time is over. */
  open(token: string, now: Date): OpenedLink | null
}

export const LINK_PATH = '/h/'
const PURPOSE = 'bookend/handoff-links/1'
const VERSION = 1
const HASH_BYTES = 8
const MAC_BYTES = 32
const HEAD_BYTES = 1 + 16 + 16 + 4 + 5 + HASH_BYTES
const NONCE_SEED_BYTES = 12
const NONCE_MAX_AGE_S = 7_200
const TOKEN = /^[A-Za-z0-9_-]{109,110}$/

export function createHandoffLinks(
  keyring: Pick<Keyring, 'keysFor'>,
  publicUrl: () => string,
): HandoffLinks {
  const sign = (key: Buffer, ...parts: readonly Uint8Array[]): Buffer => {
    const mac = createHmac('sha256', key)
    for (const part of parts) mac.update(part)
    return mac.digest()
  }
  const currentKey = (): Buffer => {
    const [key] = keyring.keysFor(PURPOSE)
    if (key === undefined) throw new Error('There is no secret key')
    return key
  }

  return {
    linkFor(subject) {
      const head = writeHead(subject)
      const token = Buffer.concat([head, sign(currentKey(), head)]).toString('base64url')
      return `${publicUrl()}${LINK_PATH}${token}`
    },
    open(token, now) {
      if (!TOKEN.test(token)) return null
      const bytes = Buffer.from(token, 'base64url')
      if (bytes.length !== HEAD_BYTES + MAC_BYTES || bytes[0] !== VERSION) return null
      // Two texts that decode to the same bytes are not the same link.
      if (bytes.toString('base64url') !== token) return null
      const head = bytes.subarray(0, HEAD_BYTES)
      const mac = bytes.subarray(HEAD_BYTES)
      const key = keyring.keysFor(PURPOSE).find((one) => timingSafeEqual(sign(one, head), mac))
      if (key === undefined || head.readUIntBE(37, 5) * 1_000 <= now.getTime()) return null
      return {
        workspaceId: renderUuid(head.subarray(1, 17)),
        id: renderUuid(head.subarray(17, 33)),
        fits: (subject) => writeHead(subject).equals(head),
        createNonce(at) {
          const seed = Buffer.alloc(4 + NONCE_SEED_BYTES)
          seed.writeUInt32BE(Math.floor(at.getTime() / 1_000))
          randomBytes(NONCE_SEED_BYTES).copy(seed, 4)
          return Buffer.concat([seed, sign(key, NONCE, mac, seed)]).toString('base64url')
        },
        isNonce(nonce, at) {
          const given = Buffer.from(nonce, 'base64url')
          if (given.length !== 4 + NONCE_SEED_BYTES + MAC_BYTES) return false
          const seed = given.subarray(0, 4 + NONCE_SEED_BYTES)
          const ageS = at.getTime() / 1_000 - seed.readUInt32BE()
          const isOurs = timingSafeEqual(sign(key, NONCE, mac, seed), given.subarray(seed.length))
          return isOurs && ageS >= -1 && ageS <= NONCE_MAX_AGE_S
        },
      }
    },
  }
}

/** Told from what a link itself is signed with. */
const NONCE = Buffer.from('nonce')

function writeHead({ workspaceId, id, assign, dueAt, revision }: LinkSubject): Buffer {
  const head = Buffer.alloc(HEAD_BYTES)
  head[0] = VERSION
  parseUuid(workspaceId).copy(head, 1)
  parseUuid(id).copy(head, 17)
  head.writeUInt32BE(revision, 33)
  head.writeUIntBE(Math.ceil(dueAt.getTime() / 1_000), 37, 5)
  hashAssignee(assign).copy(head, 42)
  return head
}

const hashAssignee = (assign: string | null): Buffer =>
  createHash('sha256')
    .update(assign === null ? 'anybody' : `to ${assign}`)
    .digest()
    .subarray(0, HASH_BYTES)

const parseUuid = (text: string): Buffer => Buffer.from(text.replaceAll('-', ''), 'hex')

const renderUuid = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
