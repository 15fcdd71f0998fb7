// Measures a file before it is parsed (threats D3). The parser descends with its stack and compares
// keys pairwise: nesting and size are bounded here, by reading the tokens once.

import { Lexer } from 'yaml'

const FILE_BYTES_MAX = 262_144
const TOKENS_MAX = 20_000
const FLOW_DEPTH_MAX = 16
const INDENT_MAX = 64
const DASHES_MAX = 8

export interface ScanFault {
  readonly at: number
  readonly message: string
}

/** The first reason not to parse the text; null when there is none. */
export function scanText(text: string): ScanFault | null {
  if (new TextEncoder().encode(text).length > FILE_BYTES_MAX) {
    return { at: 0, message: `the file is larger than ${FILE_BYTES_MAX / 1_024} KiB` }
  }
  let at = 0
  let tokens = 0
  let depth = 0
  let dashes = 0
  let isLineStart = true
  for (const token of new Lexer().lex(text)) {
    tokens += 1
    if (tokens > TOKENS_MAX) return { at, message: 'the file holds too much for one workflow' }
    if (token === '[' || token === '{') depth += 1
    else if (token === ']' || token === '}') depth -= 1
    else if (token === '-') dashes += 1
    else if (token === '?') return { at, message: 'keys are plain words: "?" is not supported' }
    if (isLineStart) dashes = token === '-' ? 1 : 0
    const isIndent = isLineStart && /^ +$/.test(token)
    const isTooDeep =
      depth > FLOW_DEPTH_MAX || dashes > DASHES_MAX || (isIndent && token.length > INDENT_MAX)
    if (isTooDeep) return { at, message: 'the file is nested too deep' }
    isLineStart = token === '\n' || token === '\r\n'
    if (token !== CONTROL.scalar && token !== CONTROL.document) at += token.length
  }
  return null
}

/** Marks that the lexer puts between tokens; they are not in the text. */
const CONTROL = { scalar: '\u001f', document: '\u0002' } as const
