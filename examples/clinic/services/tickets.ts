// Tickets as the desk keeps them. A ticket goes by the id its sender chose, so that sending it twice
// leaves one.

import type pg from 'pg'
import { z } from 'zod'

const word = (max: number) => z.string().min(1).max(max)

/** What is left out stays as it is: a repeat does not open again what somebody has closed. */
export const TicketBody = z.strictObject({
  phone: word(40),
  subject: word(300),
  description: z.string().max(10_000).optional(),
  priority: z.enum(['low', 'normal', 'high']).optional(),
  status: z.enum(['open', 'closed']).optional(),
})
export const CommentBody = z.strictObject({ text: word(10_000) })
export const TicketQuery = z.strictObject({
  phone: word(40).optional(),
  status: z.enum(['open', 'closed']).optional(),
  external_id: word(200).optional(),
})

export interface Ticket {
  readonly id: number
  readonly external_id: string
  readonly phone: string
  readonly subject: string
  readonly description: string
  readonly priority: 'low' | 'normal' | 'high'
  readonly status: 'open' | 'closed'
  readonly created_at: Date
  readonly updated_at: Date
}

export interface Comment {
  readonly id: number
  readonly text: string
  readonly created_at: Date
}

/** Newest first, at most 100. */
export async function listTickets(
  pool: pg.Pool,
  { phone, status, external_id }: z.output<typeof TicketQuery>,
): Promise<Ticket[]> {
  const { rows } = await pool.query<Ticket>(
    `select * from clinic.tickets
     where ($1::text is null or phone = $1) and ($2::text is null or status = $2)
       and ($3::text is null or external_id = $3)
     order by id desc limit 100`,
    [phone ?? null, status ?? null, external_id ?? null],
  )
  return rows
}

export async function putTicket(
  pool: pg.Pool,
  externalId: string,
  { phone, subject, description, priority, status }: z.output<typeof TicketBody>,
): Promise<{ readonly ticket: Ticket; readonly isNew: boolean }> {
  const { rows } = await pool.query<Ticket & { is_new: boolean }>(
    `insert into clinic.tickets as t (external_id, phone, subject, description, priority, status)
     values ($1, $2, $3, coalesce($4, ''), coalesce($5, 'normal'), coalesce($6, 'open'))
     on conflict (external_id) do update set
       phone = $2, subject = $3, description = coalesce($4, t.description),
       priority = coalesce($5, t.priority), status = coalesce($6, t.status), updated_at = now()
     returning *, xmax = 0 as is_new`,
    [externalId, phone, subject, description ?? null, priority ?? null, status ?? null],
  )
  const [row] = rows
  if (row === undefined) throw new Error('The ticket was written and not returned')
  const { is_new: isNew, ...ticket } = row
  return { ticket, isNew }
}

export async function findTicket(
  pool: pg.Pool,
  id: number,
): Promise<(Ticket & { readonly comments: readonly Comment[] }) | null> {
  const [tickets, comments] = await Promise.all([
    pool.query<Ticket>('select * from clinic.tickets where id = $1', [id]),
    pool.query<Comment>(
      'select id, text, created_at from clinic.ticket_comments where ticket_id = $1 order by id',
      [id],
    ),
  ])
  const [ticket] = tickets.rows
  return ticket === undefined ? null : { ...ticket, comments: comments.rows }
}

/** Null when there is no such ticket. The same key again gives the comment of the first time. */
export async function addComment(
  pool: pg.Pool,
  ticketId: number,
  text: string,
  key: string | null,
): Promise<Comment | null> {
  const { rows } = await pool.query<Comment>(
    `insert into clinic.ticket_comments as c (ticket_id, text, idempotency_key)
     select id, $2, $3 from clinic.tickets where id = $1
     on conflict (ticket_id, idempotency_key) do update set text = c.text
     returning id, text, created_at`,
    [ticketId, text, key],
  )
  return rows[0] ?? null
}
