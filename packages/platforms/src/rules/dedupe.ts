// What recognises a retransmission: the platform's event id where it is stable over retries, else the
// call, the native event and what tells two of them apart. Never the call alone, and never a hash of
// the whole body, whose links and times change between tries.

import { createHash } from 'node:crypto'
import type { Json } from '@bookend/contract'
import type { PlatformId } from '../neutral.ts'

export const dedupeKey = (platform: PlatformId, ...parts: readonly string[]): string =>
  [platform, ...parts].join(':')

/** A short name for content. */
export const digestOf = (...content: readonly (Json | undefined)[]): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32)
