/** A text is rather cut early, at the end of a turn, than in the middle of one. */
const EARLY = 0.8

/**
 * The text, or its beginning up to the end of a line or a word and what is left out. `max` counts
 * UTF-16 units, the note included.
 *
 * @param link Where the whole text can be read.
 */
export function fitText(text: string, max: number, link?: string): string {
  if (text.length <= max) return text
  const where = link === undefined ? '' : `: ${link}`
  const note = `\n[… the text goes on${where}]`
  const room = max - note.length
  if (room <= 0) return trimEnd(text, max)
  return trimEnd(text, room) + note
}

function trimEnd(text: string, room: number): string {
  const head = text.slice(0, room)
  const earliest = room * EARLY
  const line = head.lastIndexOf('\n')
  if (line >= earliest) return head.slice(0, line)
  const word = head.lastIndexOf(' ')
  if (word >= earliest) return head.slice(0, word)
  // Half of a pair is no character.
  return head.replace(/[\uD800-\uDBFF]$/, '')
}
