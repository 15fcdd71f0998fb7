import type { ActionContext } from '@bookend/core'
import { escapeHtml } from '../escape-html.ts'

const NOTE_MAX = 60_000

/**
 * A caller's words as the body of a note, which Intercom reads as HTML: nothing in them is markup
 * (threat D11).
 *
 * @param end Comes after them, also when they had to be cut.
 */
export function noteHtml(
  { fit }: Pick<ActionContext<never, never>, 'fit'>,
  text: string,
  link: string | null,
  end = '',
): string {
  const max = NOTE_MAX - end.length
  let room = max
  for (;;) {
    const html = escapeHtml(fit(text, room, link ?? undefined)).replaceAll(/\r?\n/g, '<br>')
    if (html.length <= max) return html + end
    room = Math.min(room - 1, Math.floor((room * max) / html.length))
  }
}
