import { ConnectorFault, type ActionContext } from '@bookend/core'
import { escapeHtml } from '../escape-html.ts'
import type { TicketPriority, TicketStatus } from '../records.ts'
import type { HubspotSettings } from './schema.ts'

type Value = string | number | boolean | null

/** All of HubSpot's values are texts; an empty one clears a property. */
export function textValues(values: Readonly<Record<string, Value>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value === null ? '' : String(value)]),
  )
}

/** What a body of a call, a note or a task may hold. */
const BODY_MAX = 65_536

/**
 * A caller's words as the rich text of a body: nothing in them is markup (threat D11).
 *
 * @param end Comes after them, also when they had to be cut.
 */
export function richText(
  { fit }: Pick<ActionContext<never, never>, 'fit'>,
  text: string,
  link: string | null,
  end = '',
): string {
  const max = BODY_MAX - end.length
  let room = max
  for (;;) {
    const markup = escapeHtml(fit(text, room, link ?? undefined)).replaceAll(/\r?\n/g, '<br>')
    if (markup.length <= max) return markup + end
    // By as much as escaping made it longer, and always by some.
    room = Math.min(room - 1, Math.floor((room * max) / markup.length))
  }
}

const PRIORITY: Readonly<Record<TicketPriority, string>> = {
  low: 'LOW',
  normal: 'MEDIUM',
  high: 'HIGH',
  urgent: 'URGENT',
}

export const priorityValue = (priority: TicketPriority): string => PRIORITY[priority]

/** @throws {ConnectorFault} No stage of the pipeline means that. */
export function stageFor({ ticket_stages: stages }: HubspotSettings, status: TicketStatus): string {
  const means = (wanted: TicketStatus): string | undefined =>
    Object.keys(stages).find((id) => stages[id] === wanted)
  // A pipeline often has one stage for what is over.
  const other = status === 'solved' ? 'closed' : status === 'closed' ? 'solved' : status
  const stage = means(status) ?? means(other)
  if (stage === undefined)
    throw new ConnectorFault({ kind: 'refused', detail: `no_stage_${status}` })
  return stage
}
