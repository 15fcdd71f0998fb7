import { escapeHtml } from '@bookend/core'
import type { ActionContext } from '@bookend/core'

export interface HtmlText {
  readonly text: string
  /** Where the whole of it is, when it had to be cut. */
  readonly link: string | null
  readonly max: number
  /** Comes after the text, also when that had to be cut. */
  readonly end?: string
}

/**
 * A caller's words as HTML that a system takes so much of: nothing in them is markup (threat D11), and
 * they end at the end of a turn.
 *
 * @param alsoEscape What the system gives a meaning to beside markup.
 */
export function fitHtml(
  { fit }: Pick<ActionContext<never, never>, 'fit'>,
  { text, link, max: given, end = '' }: HtmlText,
  alsoEscape = (html: string): string => html,
): string {
  const max = given - end.length
  let room = max
  for (;;) {
    const escaped = alsoEscape(escapeHtml(fit(text, room, link ?? undefined)))
    const html = escaped.replaceAll(/\r?\n/g, '<br>')
    if (html.length <= max) return html + end
    // By as much as escaping made it longer, and always by some.
    room = Math.min(room - 1, Math.floor((room * max) / html.length))
  }
}
