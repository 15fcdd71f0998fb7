// Tells text that speaks to a machine rather than of a person: "ignore the instructions above".
//
// D1. A finding is a flag for people to look at. It defends nothing (threat B6): what defends is that
//     text stays on its line, is inserted once, and chooses no agent, number or tool.
// D2. Text is judged as it came, before what nobody can see is taken out of it.
// D3. The patterns run in time proportional to the text, and on so much text at most.

import type { Json } from '@bookend/contract'
import type { Parameters } from './merge.ts'

const CHARACTERS_MAX = 20_000
/** Shorter ones can say little. */
const CHARACTERS_MIN = 8

const HIDDEN =
  /[\u{E0000}-\u{E007F}]|[\u{E0100}-\u{E01EF}]|[\u202A-\u202E\u2066-\u2069\u200B\u2060]/u
const MARKUP =
  /<\|[a-z_]{2,20}\|>|<\/?(?:system|assistant|instructions?|tool_call|function_call)\b|\[\/?(?:INST|SYSTEM)\]|<<\/?SYS>>|\$?\{\{|(?:^|[\n\r\u2028])\s{0,8}(?:system|assistant|developer)\s{0,4}:/iu
const ORDERS =
  /\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instructions?|rules?|prompt|guidelines|above|previous|prior)\b|\b(?:new|updated|hidden) instructions?\b|\bsystem (?:prompt|message|override)\b|\byou are now\b|\b(?:reveal|repeat|print) (?:your|the) (?:prompt|instructions?)\b|\bdeveloper mode\b/iu

/** Whether some text in these parameters, at any depth, reads like an order to the agent. */
export function holdsSuspectText(parameters: Parameters): boolean {
  const pending: Json[] = Object.values(parameters)
  let leftCharacters = CHARACTERS_MAX
  while (pending.length > 0 && leftCharacters > 0) {
    const value = pending.pop()
    if (typeof value === 'string') {
      const text = value.slice(0, leftCharacters)
      leftCharacters -= text.length
      if (isSuspect(text)) return true
    } else if (typeof value === 'object' && value !== null) {
      for (const child of Object.values(value)) pending.push(child)
    }
  }
  return false
}

function isSuspect(text: string): boolean {
  if (text.length < CHARACTERS_MIN) return false
  return HIDDEN.test(text) || MARKUP.test(text) || ORDERS.test(text)
}
