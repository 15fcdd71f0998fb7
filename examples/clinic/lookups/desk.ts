import type { HandlesOf } from '@bookend/sdk'
import { z } from 'zod'

export type Desk = HandlesOf<{ desk: 'http/desk' }>['desk']

const OpenTickets = z.object({
  tickets: z.array(z.object({ id: z.number(), subject: z.string() })),
})

export type OpenTicket = z.infer<typeof OpenTickets>['tickets'][number]

/** Tickets that the desk has open for a phone number. */
export async function findOpenTickets(desk: Desk, phone: string): Promise<OpenTicket[]> {
  const query = { phone, status: 'open' }
  const { body } = await desk.request.get({ path: ['tickets'], query })
  return OpenTickets.parse(body).tickets
}
