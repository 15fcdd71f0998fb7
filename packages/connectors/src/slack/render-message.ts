// A message as Slack lays it out.
//
// M1. A caller's words are plain text: no `<!channel>`, no mention, no link in them lives (D11).
// M2. The link is the author's, and the only markup there is.
// M3. What a reader cannot see is not sent (D12).

import type { ActionContext } from '@bookend/core'
import { cleanText } from '@bookend/core'
import type { z } from 'zod'
import type { MessageContent } from '../inputs.ts'

const SECTION_MAX = 3_000
/** Slack takes fifty sections, and refuses a message that is too long as a whole. */
const TEXT_MAX = 12_000
const FALLBACK_MAX = 2_000

export interface RenderedMessage {
  /** Shown in notifications, and where blocks cannot be. */
  readonly text: string
  readonly blocks: readonly object[]
}

export function renderMessage(
  { fit }: Pick<ActionContext<never, never>, 'fit'>,
  { text, title, fields, link, link_label: label }: z.output<typeof MessageContent>,
): RenderedMessage {
  const words = cleanLines(text)
  const heading = title === null ? '' : cleanText(title)
  const fitted = fit(words, TEXT_MAX, link ?? undefined)
  const facts = Object.entries(fields).map(([name, value]) =>
    plainText(`${cleanText(name)}\n${cleanText(value)}`),
  )
  const fallback = fit(heading === '' ? words : `${heading}\n${words}`, FALLBACK_MAX)
  return {
    text: escapeText(fallback === '' ? label : fallback),
    blocks: [
      ...(heading === '' ? [] : [{ type: 'header', text: plainText(heading) }]),
      ...splitText(fitted).map((part) => ({ type: 'section', text: plainText(part) })),
      ...(facts.length === 0 ? [] : [{ type: 'section', fields: facts }]),
      ...(link === null ? [] : [linkBlock(link, label)]),
    ],
  }
}

const plainText = (text: string): object => ({ type: 'plain_text', text, emoji: false })

const linkBlock = (link: string, label: string): object => {
  // What would end the address is written as its code.
  const url = new URL(link).href.replaceAll('|', '%7C').replaceAll('>', '%3E')
  const shown = cleanText(label).replaceAll('|', '/')
  return {
    type: 'section',
    text: { type: 'mrkdwn', text: `<${escapeText(url)}|${escapeText(shown)}>`, verbatim: true },
  }
}

/** The three characters that are markup to Slack. */
const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const cleanLines = (text: string): string =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => cleanText(line))
    .join('\n')
    .trim()

/** At the end of a line where there is one; never inside a character. */
function splitText(text: string): readonly string[] {
  const parts: string[] = []
  let rest = text
  while (rest.length > SECTION_MAX) {
    const head = rest.slice(0, SECTION_MAX).replace(/[\uD800-\uDBFF]$/, '')
    const line = head.lastIndexOf('\n')
    const end = line > 0 ? line : head.length
    parts.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  return [...parts, rest].filter((part) => part.trim() !== '')
}
