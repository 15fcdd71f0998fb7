import type { ActionContext } from '@bookend/core'
import { fitHtml } from '../fit-html.ts'

const NOTE_MAX = 60_000

/**
 * A caller's words as the body of a note, which Intercom reads as HTML: nothing in them is markup
 * (threat D11).
 *
 * @param end Comes after them, also when they had to be cut.
 */
export function noteHtml(
  ctx: Pick<ActionContext<never, never>, 'fit'>,
  text: string,
  link: string | null,
  end = '',
): string {
  return fitHtml(ctx, { text, link, max: NOTE_MAX, end })
}
