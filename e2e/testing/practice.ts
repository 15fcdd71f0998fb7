// The practice's own records, where the practice keeps them: its tables, over the socket in the data
// folder, and its ticket desk, over HTTP.

import { join } from 'node:path'
import pg from 'pg'
import { z } from 'zod'
import type { Place } from './place.ts'

const TOKEN = 'clinic-desk'
const Tickets = z.object({
  tickets: z.array(
    z.object({
      external_id: z.string(),
      phone: z.string(),
      subject: z.string(),
      priority: z.string(),
      created_at: z.iso.datetime(),
      updated_at: z.iso.datetime(),
    }),
  ),
})
export type Ticket = z.output<typeof Tickets>['tickets'][number]

async function ask(place: Place, path: string, init: RequestInit = {}): Promise<unknown> {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
  const answer = await fetch(`${place.deskUrl}${path}`, { ...init, headers })
  if (!answer.ok) throw new Error(`The desk answered ${answer.status}: ${await answer.text()}`)
  return answer.json()
}

/** Makes the desk late or failing; `{}` makes it well again. */
export const turnDesk = (place: Place, knobs: { delayMs?: number; failWith?: number }) =>
  ask(place, '/knobs', { method: 'PUT', body: JSON.stringify(knobs) })

export const findTickets = async (place: Place, callId: string): Promise<readonly Ticket[]> =>
  Tickets.parse(await ask(place, `/tickets?external_id=${callId}`)).tickets

/** One question to the embedded database, as the practice's own reports would ask it. */
export async function query<T extends pg.QueryResultRow>(
  place: Place,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly T[]> {
  const client = new pg.Client({
    host: join(place.dataDir, 'run'),
    port: 5432,
    user: 'bookend',
    database: 'bookend',
    ssl: false,
  })
  await client.connect()
  try {
    return (await client.query<T>(sql, [...values])).rows
  } finally {
    await client.end()
  }
}

export interface Mail extends pg.QueryResultRow {
  readonly message_id: string
  readonly subject: string
  readonly text: string
  readonly times_received: number
}

/** Every mail that the mail server took for this address, and how often it came. */
export const findMails = (place: Place, to: string): Promise<readonly Mail[]> =>
  query<Mail>(place, 'select * from clinic.mails where "to" = $1 order by received_at', [to])
