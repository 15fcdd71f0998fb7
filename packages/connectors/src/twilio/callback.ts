import type { TwilioSettings } from './schema.ts'

/** Where the fate of what is created is told, with its key: the proof of a send whose answer is lost. */
export function callbackUrl(
  { status_callback: callback }: Pick<TwilioSettings, 'status_callback'>,
  key: string,
): string | null {
  if (callback === null) return null
  const url = new URL(callback)
  url.searchParams.set('k', key)
  return url.href
}
