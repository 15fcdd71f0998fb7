// A caller's words and an author's values, as Zendesk takes them.
//
// W1. Nothing in a comment is markup, and no placeholder in it is filled in (threats D4, D11).

import type { ActionContext } from '@bookend/core'
import { ConnectorFault } from '@bookend/core'
import { fitHtml } from '../fit-html.ts'
import { numberOf } from './rest.ts'

type Value = string | number | boolean | null

const COMMENT_MAX = 65_000

/** @param end Comes after the text, also when that had to be cut. */
export function commentHtml(
  ctx: Pick<ActionContext<never, never>, 'fit'>,
  text: string,
  link: string | null,
  end = '',
): string {
  // Zendesk fills in `{{…}}` and `{%…%}` of what an agent writes (W1).
  return fitHtml(ctx, { text, link, max: COMMENT_MAX, end }, (html) =>
    html.replaceAll('{', '&#123;'),
  )
}

/** One line without placeholders: a subject is no HTML, so a brace is kept apart from the next. */
export const subjectLine = (text: string): string =>
  text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/\{(?=[{%])/g, '{ ')

const OWN_OF_USER: ReadonlySet<string> = new Set(['notes', 'details', 'locale', 'time_zone'])

/** All but a few names are of the account's own user fields. */
export function userValues(values: Readonly<Record<string, Value>>): Record<string, unknown> {
  const own: Record<string, unknown> = {}
  const fields: Record<string, Value> = {}
  for (const [name, value] of Object.entries(values)) {
    if (name === 'organization_id') own[name] = numberOf(String(value))
    else if (OWN_OF_USER.has(name)) own[name] = value
    else fields[name] = value
  }
  return Object.keys(fields).length === 0 ? own : { ...own, user_fields: fields }
}

/** @throws {ConnectorFault} A name is neither `type`, `due_at`, `group_id` nor `field_<id>`. */
export function ticketValues(values: Readonly<Record<string, Value>>): Record<string, unknown> {
  const own: Record<string, unknown> = {}
  const fields: { readonly id: number; readonly value: Value }[] = []
  for (const [name, value] of Object.entries(values)) {
    const [, field] = /^field_(\d{1,16})$/.exec(name) ?? []
    if (field !== undefined) fields.push({ id: numberOf(field), value })
    else if (name === 'group_id') own[name] = value === null ? null : numberOf(String(value))
    else if (name === 'type' || name === 'due_at') own[name] = value
    else throw new ConnectorFault({ kind: 'refused', detail: 'unknown_property' })
  }
  return fields.length === 0 ? own : { ...own, custom_fields: fields }
}
