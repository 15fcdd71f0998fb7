import { fieldsOf } from '../read/fields.ts'

const valueMax = 1_024
const sipHeadersMax = 50
const sentMax = 50

/** Facts that were given, each text of bounded length; empty ones are not given. */
export function contextOf(
  ...groups: readonly (readonly (readonly [string, unknown])[])[]
): Record<string, string> {
  const given: [string, string][] = []
  for (const [key, value] of groups.flat()) {
    if (typeof value !== 'string') continue
    const text = value.trim().slice(0, valueMax)
    if (text !== '') given.push([key, text])
  }
  return Object.fromEntries(given)
}

/** What an agent's own code adds, under `sent.<name>`. */
export function sentContext(given: unknown): readonly (readonly [string, unknown])[] {
  return Object.entries(fieldsOf(given))
    .filter(([name]) => name.length <= 128)
    .slice(0, sentMax)
    .map(([name, value]) => [`sent.${name}`, value] as const)
}

/** Custom SIP headers under `sip.<header as sent>`, without those that only route the call. */
export function sipContext(
  headers: unknown,
  isFact: (name: string) => boolean = () => true,
): readonly (readonly [string, unknown])[] {
  return Object.entries(fieldsOf(headers))
    .filter(([name]) => name.length <= 128 && isFact(name))
    .slice(0, sipHeadersMax)
    .map(([name, value]) => [`sip.${name}`, value] as const)
}
