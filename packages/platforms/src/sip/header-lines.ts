// Parameters as lines of a SIP header, `X-Bookend-Customer-Name: Ana`.
//
// H1. A value never leaves its line: whatever is not printable ASCII, and `%` itself, is percent-encoded
//     as UTF-8, so that decoding gives the value back and no CR, LF or NUL reaches the message.
// H2. A name is a SIP token made of the parameter's; of two that are read the same, the first is sent.
// H3. Lines that would grow the message past its limit are left out whole, never cut.

import type { Json } from '@bookend/contract'
import { asText } from '../rules/parameters.ts'

/** Names under `X-Bookend-` that are not a parameter's. */
const OURS = new Set([
  'run-id',
  'greeting',
  'outcome',
  'agent-id',
  'transfer-to',
  'reject-reason',
  'say',
])
const PREFIX = 'X-Bookend-'

export interface HeaderLines {
  readonly text: string
  readonly dropped: readonly string[]
}

/** @param own Names in lower case, without the prefix; they come first. */
export function headerLines(
  own: Readonly<Record<string, string>>,
  parameters: Readonly<Record<string, Json>>,
  bytesMax: number,
): HeaderLines {
  let text = ''
  const used = new Set(OURS)
  const dropped: string[] = []
  const add = (name: string, value: string): boolean => {
    const line = `${PREFIX}${capitalise(name)}: ${encodeValue(value)}\r\n`
    if (text.length + line.length > bytesMax) return false
    text += line
    return true
  }
  for (const [name, value] of Object.entries(own)) {
    if (!add(name, value)) dropped.push(`bookend_${name.replaceAll('-', '_')}`)
  }
  for (const [parameter, value] of Object.entries(parameters)) {
    if (value === null) continue
    const name = parameter.toLowerCase().replaceAll('_', '-')
    if (used.has(name) || !add(name, asText(value))) dropped.push(parameter)
    else used.add(name)
  }
  return { text, dropped }
}

const capitalise = (name: string): string =>
  name.replace(/(?<=^|-)[a-z]/g, (letter) => letter.toUpperCase())

const UNSAFE = /[^\x20-\x7E]|%|^ | $/gu

/** Read back by any percent-decoder; a lone surrogate is U+FFFD. */
const encodeValue = (value: string): string =>
  value.replace(UNSAFE, (one) =>
    [...Buffer.from(one)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  )
