import { ConnectorFault, type ActionContext } from '@bookend/core'
import { fitHtml } from '../fit-html.ts'
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
  ctx: Pick<ActionContext<never, never>, 'fit'>,
  text: string,
  link: string | null,
  end = '',
): string {
  return fitHtml(ctx, { text, link, max: BODY_MAX, end })
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
