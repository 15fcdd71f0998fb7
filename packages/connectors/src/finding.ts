// What actions that find a record have in common, whichever system holds it.

import { ConnectorFault } from '@bookend/core'
import type { z } from 'zod'
import type { Ticket } from './records.ts'

/** What the system has no record of is `null`; every other fault stays one. */
export async function nullIfMissing<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof ConnectorFault && error.verdict.kind === 'missing') return null
    throw error
  }
}

/** Those that somebody still has to do something about, the one changed last first. */
export const openOnes = (tickets: readonly z.output<typeof Ticket>[]): z.output<typeof Ticket>[] =>
  tickets
    .filter(({ status }) => status === 'open' || status === 'pending')
    .toSorted((a, b) => (b.updated_at ?? '').localeCompare(a.updated_at ?? ''))
