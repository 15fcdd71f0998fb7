import { callerLines } from './caller-lines.ts'

const EMERGENCY =
  /\b(chest (pain|hurts)|can(no|')?t breathe|cannot breathe|short of breath|unconscious|passed out|collapsed|stroke|seizure|bleeding (a lot|badly|heavily)|overdose|emergency)\b/i
// «No chest pain» must not wake anybody; a missed denial only costs a look.
const DENIED = /\b(no|not|without|isn['’]t an?|not an?)\s+(any\s+)?$/i

/** The first line in which the caller names an emergency; null when there is none. */
export function findEmergency(call: Parameters<typeof callerLines>[0]): string | null {
  for (const raw of callerLines(call)) {
    const line = raw.replace(/’/g, "'")
    const found = EMERGENCY.exec(line)
    if (found !== null && !DENIED.test(line.slice(0, found.index))) return raw
  }
  return null
}
