// A made-up call from ring to hang-up, through the same routes that a voice platform calls.
//
//   comes in ─▶ answered ─▶ its screen opens ─▶ lines are spoken ─▶ hang-up ─▶ journeys run
//
// D1. It goes on while its screen is looked at; what fails after the answer is seen there, as a call
//     that does not end.

import type { Client } from '@bookend/sdk/client'

const LINES = [
  { role: 'agent', text: 'Hello! How can I help you today?' },
  { role: 'user', text: 'Hi, I need to move my appointment to next week, please.' },
  { role: 'agent', text: 'Of course. Would Tuesday at ten in the morning suit you?' },
  { role: 'user', text: 'Tuesday at ten is perfect, thank you.' },
  { role: 'agent', text: 'Then we see you on Tuesday at ten. Goodbye!' },
] as const
const LINE_EVERY_MS = 900

export interface DemoCall {
  from: string
  to: string
}

/** Answers the id of the call once it was answered; the rest of it is yet to come. */
export async function ring(api: Client, { from, to }: DemoCall): Promise<string> {
  const body = { from_number: from, to_number: to }
  return (await api.call('inboundCall', { body })).call.uuid
}

export async function talk(api: Client, id: string): Promise<void> {
  const params = { id }
  for (const [index, line] of LINES.entries()) {
    await new Promise((resolve) => setTimeout(resolve, LINE_EVERY_MS))
    await api.call('appendTranscript', {
      params,
      body: { entries: [{ sequence: index + 1, ...line }] },
    })
  }
  const summary = 'The caller moved an appointment to Tuesday at ten.'
  await api.call('completeCall', { params, body: { ended_reason: 'caller_hung_up', summary } })
}
