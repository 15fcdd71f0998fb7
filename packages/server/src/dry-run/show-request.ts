// What would have been sent, as people may see it: without the credentials an author put into it.
//
// S1. A body is looked through as what it is, JSON or a form; one that looks like JSON and cannot be
//     read, because it is cut, is not shown. So are the values of a statement.
// S2. Of the address, parameters are looked through as well.

import { isSensitiveName, redact, REDACTED } from '@bookend/core'

export function showRequest(request: unknown): unknown {
  if (typeof request !== 'object' || request === null) return null
  const { url, body, values, ...rest } = request as Readonly<Record<string, unknown>>
  return {
    ...(redact(rest) as object),
    ...(url === undefined ? {} : { url: typeof url === 'string' ? showUrl(url) : redact(url) }),
    // Of a statement, whose rows travel as JSON.
    ...(Array.isArray(values) ? { values: values.map((one) => showBody(one, {})) } : {}),
    ...(body === undefined ? {} : { body: showBody(body, request) }),
  }
}

function showUrl(text: string): string {
  if (!URL.canParse(text)) return text
  const url = new URL(text)
  for (const name of new Set(url.searchParams.keys())) {
    if (isSensitiveName(name)) url.searchParams.set(name, REDACTED)
  }
  return url.href
}

function showBody(body: unknown, { headers }: { readonly headers?: unknown }): unknown {
  if (typeof body !== 'string') return redact(body)
  if (typeOf(headers).includes('x-www-form-urlencoded')) {
    return redact(Object.fromEntries(new URLSearchParams(body)))
  }
  try {
    return redact(JSON.parse(body))
  } catch {
    return /^\s*[[{]/.test(body) ? '(cut, not shown)' : body
  }
}

function typeOf(headers: unknown): string {
  if (typeof headers !== 'object' || headers === null) return ''
  const found = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')
  return typeof found?.[1] === 'string' ? found[1] : ''
}
