// Text for a terminal.
//
// X1. What came from outside (a caller's name, a server's message) cannot move the cursor, colour the
//     screen or reverse the line: control and direction characters are shown as �, white space as one.
// X2. Columns are counted as a terminal shows them: a wide character is two, a combining one is none.

// Control characters are the subject of this pattern.
// oxlint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g
const SPACES = /[\t\n\r\u2028\u2029]+/g
const WIDE =
  /^(?:\p{Emoji_Presentation}|\p{sc=Han}|\p{sc=Hiragana}|\p{sc=Katakana}|\p{sc=Hangul}|[\u3000-\u303f\uff01-\uff60\uffe0-\uffe6])/u
const PLAIN = /^[\u0020-\u007e]*$/

let segmenter: Intl.Segmenter | null = null
/** Made when it is first needed, which takes as long as many a command. */
function graphemesOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  return segmenter.segment(text)
}

/** One line of `text` that a terminal shows and does not obey. */
export function printable(text: string): string {
  return text.replace(SPACES, ' ').replace(UNSAFE, '�')
}

/** Columns that uncoloured text takes. */
export function columnsOf(text: string): number {
  if (PLAIN.test(text)) return text.length
  let columns = 0
  for (const { segment } of graphemesOf(text)) columns += WIDE.test(segment) ? 2 : 1
  return columns
}

/** At most `columns` of the text; what is cut ends in …. */
export function fit(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text
  let kept = ''
  let taken = 0
  for (const { segment } of graphemesOf(text)) {
    const width = WIDE.test(segment) ? 2 : 1
    if (taken + width > columns - 1) break
    kept += segment
    taken += width
  }
  return columns < 1 ? '' : `${kept}…`
}

export const padEnd = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(columns - columnsOf(text), 0))

export const padStart = (text: string, columns: number): string =>
  ' '.repeat(Math.max(columns - columnsOf(text), 0)) + text

/** Thousands apart by a no-break space, so that a number never wraps. */
export const renderMs = (ms: number): string =>
  `${String(Math.round(ms)).replace(/\B(?=(\d{3})+$)/g, '\u00a0')} ms`

const UNITS = [
  { ms: 86_400_000, name: 'd', next: 3_600_000, nextName: 'h' },
  { ms: 3_600_000, name: 'h', next: 60_000, nextName: 'min' },
  { ms: 60_000, name: 'min', next: 1_000, nextName: 's' },
] as const

/** What lasts for more than ten seconds in the units that people count it in: `4 h`, `1 min 30 s`. */
export function renderDuration(ms: number): string {
  if (ms < 10_000) return renderMs(ms)
  const unit = UNITS.find((one) => ms >= one.ms)
  if (unit === undefined) return `${Math.round(ms / 100) / 10}\u00a0s`
  const all = Math.round(ms / unit.next)
  const perUnit = unit.ms / unit.next
  const [whole, rest] = [Math.floor(all / perUnit), all % perUnit]
  const more = rest === 0 ? '' : `\u00a0${rest}\u00a0${unit.nextName}`
  return `${whole}\u00a0${unit.name}${more}`
}

/** Lines of at most `columns`, broken between words. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && columnsOf(longer) > columns) {
      lines.push(line)
      line = word
    } else {
      line = longer
    }
  }
  return [...lines, line]
}
