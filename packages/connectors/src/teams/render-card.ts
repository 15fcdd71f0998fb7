// A message as an Adaptive Card.
//
// M1. A caller's words stand in text runs, which know no markup: no emphasis, link or mention in them
//     lives (D11). A text block would read them as Markdown.
// M2. The one link is the author's.
// M3. The whole is never larger than a flow can post, in bytes.

import type { ActionContext } from '@bookend/core'
import { cleanText } from '@bookend/core'
import type { z } from 'zod'
import type { MessageContent } from '../inputs.ts'

const MESSAGE_BYTES_MAX = 27_000
const TEXT_MAX = 12_000

export function renderCard(
  { fit }: Pick<ActionContext<never, never>, 'fit'>,
  content: z.output<typeof MessageContent>,
): object {
  let room = TEXT_MAX
  for (;;) {
    const message = renderMessage(content, fit(content.text, room, content.link ?? undefined))
    const bytes = Buffer.byteLength(JSON.stringify(message))
    if (bytes <= MESSAGE_BYTES_MAX || room === 0) return message
    room = Math.min(room - 1, Math.floor((room * MESSAGE_BYTES_MAX) / bytes))
  }
}

function renderMessage(
  { title, fields, link, link_label: label }: z.output<typeof MessageContent>,
  text: string,
): object {
  const heading = title === null ? '' : cleanText(title)
  const lines = text.split(/\r\n|\r|\n/).map((line) => cleanText(line))
  const facts = Object.entries(fields).map(([name, value]) =>
    paragraph([run(`${cleanText(name)}: `, { weight: 'Bolder' }), run(cleanText(value))], 'Small'),
  )
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      ...(heading === '' ? [] : [paragraph([run(heading, { weight: 'Bolder', size: 'Large' })])]),
      ...lines.map((line, at) => paragraph([run(line)], at === 0 ? 'Medium' : 'None')),
      ...facts,
    ],
    ...(link === null
      ? {}
      : { actions: [{ type: 'Action.OpenUrl', title: cleanText(label), url: link }] }),
  }
  const contentType = 'application/vnd.microsoft.card.adaptive'
  return { type: 'message', attachments: [{ contentType, contentUrl: null, content: card }] }
}

const paragraph = (inlines: readonly object[], spacing = 'Default'): object => ({
  type: 'RichTextBlock',
  spacing,
  inlines,
})

/** A line without a word still takes its place. */
const run = (text: string, how: object = {}): object => ({
  type: 'TextRun',
  text: text === '' ? '\u00a0' : text,
  ...how,
})
