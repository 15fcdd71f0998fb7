// Further facts of a call, as they came from outside: headers of a trunk, custom data of a platform.
//
// X1. A value is one line without anything invisible (B6), and of bounded length; so are they all.
// X2. What is too much is left out whole, and never an error: a fact that is lost costs no call.

import { CONTEXT_CHARACTERS_MAX, CONTEXT_NAMES_MAX } from '@bookend/contract'
import { cleanText } from './clean-text.ts'

const NAME_MAX = 140
const VALUE_MAX = 1_024

/** Undefined: there is nothing to tell. */
export function cleanContext(
  given: Readonly<Record<string, string>> | undefined,
): Record<string, string> | undefined {
  const kept: [string, string][] = []
  let leftCharacters = CONTEXT_CHARACTERS_MAX
  for (const [name, text] of Object.entries(given ?? {})) {
    const value = cleanText(text).trim()
    const length = name.length + value.length
    const isFit = value !== '' && value.length <= VALUE_MAX && length <= leftCharacters
    if (!isFit || !isName(name) || kept.length === CONTEXT_NAMES_MAX) continue
    leftCharacters -= length
    kept.push([name, value])
  }
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}

const isName = (name: string): boolean =>
  name !== '' && name !== '__proto__' && name.length <= NAME_MAX && cleanText(name) === name
