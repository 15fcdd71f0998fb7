// iCalendar (RFC 5545) as lines and components: what is not understood is kept as it came.
//
// I1. A text's own separators and line ends are escaped: no value begins a line.
// I2. Lines are folded at 75 octets, and never inside a character.

export interface Line {
  /** In upper case. */
  readonly name: string
  /** Names in upper case, values without quotes. */
  readonly params: ReadonlyMap<string, string>
  readonly value: string
  /** Unfolded, as it came. */
  readonly raw: string
}

export interface Component {
  readonly name: string
  readonly lines: readonly Line[]
  readonly parts: readonly Component[]
}

const DEPTH_MAX = 8
const OCTETS_MAX = 75
const PARAM = /;([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)/y

/** Null: it is no calendar. */
export function parseCalendar(text: string): Component | null {
  const raws = text.replaceAll(/\r?\n[ \t]/g, '').split(/\r?\n/)
  let at = 0
  function component(name: string, depth: number): Component | null {
    const lines: Line[] = []
    const parts: Component[] = []
    for (; at < raws.length;) {
      const line = parseLine(raws[at] ?? '')
      at += 1
      if (line === null) continue
      const inner = line.value.trim().toUpperCase()
      if (line.name === 'END') return inner === name ? { name, lines, parts } : null
      if (line.name !== 'BEGIN') {
        lines.push(line)
        continue
      }
      const part = depth < DEPTH_MAX ? component(inner, depth + 1) : null
      if (part === null) return null
      parts.push(part)
    }
    return null
  }
  const first = raws.findIndex((raw) => raw.trim() !== '')
  if (first === -1 || raws[first]?.trim().toUpperCase() !== 'BEGIN:VCALENDAR') return null
  at = first + 1
  return component('VCALENDAR', 1)
}

function parseLine(raw: string): Line | null {
  const name = /^[A-Za-z0-9-]+/.exec(raw)?.[0]
  if (name === undefined) return null
  const params = new Map<string, string>()
  let end = name.length
  PARAM.lastIndex = end
  for (let found = PARAM.exec(raw); found !== null; found = PARAM.exec(raw)) {
    const [, key = '', value = ''] = found
    params.set(key.toUpperCase(), value.replaceAll('"', ''))
    end = PARAM.lastIndex
  }
  if (raw[end] !== ':') return null
  return { name: name.toUpperCase(), params, value: raw.slice(end + 1), raw }
}

export function renderCalendar(root: Component): string {
  const lines: string[] = []
  const visit = ({ name, lines: own, parts }: Component): void => {
    lines.push(`BEGIN:${name}`, ...own.map(({ raw }) => raw))
    for (const part of parts) visit(part)
    lines.push(`END:${name}`)
  }
  visit(root)
  return lines.map((line) => `${fold(line)}\r\n`).join('')
}

function fold(line: string): string {
  const parts: string[] = []
  let part = ''
  let octets = 0
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (octets + size > OCTETS_MAX) {
      parts.push(part)
      part = ''
      // The space at its beginning counts.
      octets = 1
    }
    part += character
    octets += size
  }
  return [...parts, part].join('\r\n ')
}

/** @param params Values that hold no quote. */
export function newLine(
  name: string,
  value: string,
  params: Readonly<Record<string, string>> = {},
): Line {
  const entries = Object.entries(params)
  const shown = entries.map(([key, text]) => `;${key}=${/[:;,]/.test(text) ? `"${text}"` : text}`)
  return { name, params: new Map(entries), value, raw: `${name}${shown.join('')}:${value}` }
}

/** A caller's words as one line (I1). */
export const escapeText = (text: string): string =>
  text
    .replaceAll(/\r\n?/g, '\n')
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\0-\x08\x0b-\x1f\x7f]/g, '')
    .replaceAll(/[\\;,]/g, (one) => `\\${one}`)
    .replaceAll('\n', String.raw`\n`)

export const unescapeText = (value: string): string =>
  value.replaceAll(/\\(.)/gs, (_, one: string) => (one === 'n' || one === 'N' ? '\n' : one))

export const lineOf = ({ lines }: Component, name: string): Line | undefined =>
  lines.find((line) => line.name === name)
