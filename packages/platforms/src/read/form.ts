import { decodeText, storableText } from './json.ts'

/** A form by name; of a name that is repeated, the first value. */
export type Form = ReadonlyMap<string, string>

export function parseForm(body: Uint8Array): Form {
  const form = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(decodeText(body))) {
    if (!form.has(name)) form.set(storableText(name), storableText(value))
  }
  return form
}
