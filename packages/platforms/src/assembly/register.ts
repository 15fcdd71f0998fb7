// A value with the standing of whoever said it: of two, the higher one stays. Merging is therefore
// the same in any order, and the same again when repeated.

import type { Json } from '@bookend/contract'

export interface Register {
  readonly value: Json
  /** Compared as text. */
  readonly rank: string
}

export type Registers = Readonly<Record<string, Register>>

export const higher = <R extends { readonly rank: string }>(a: R | null, b: R): R =>
  a === null || b.rank > a.rank ? b : a

/** How much the kinds of source know: a record that was fetched knows most. */
const STANDING = {
  'call.transcript_update': '1',
  note: '2',
  'call.started': '3',
  'call.completed': '4',
  'call.analyzed': '5',
  fetched: '6',
} as const
type Source = keyof typeof STANDING

export interface Said {
  readonly source: Source
  /** ISO 8601 UTC with milliseconds, so that text order is time order. */
  readonly at: string
  readonly key: string
}

/** @param weight What counts before the source, such as whether a status is an end. */
export const rankOf = ({ source, at, key }: Said, weight = ''): string =>
  `${weight}${STANDING[source]} ${at} ${key}`
