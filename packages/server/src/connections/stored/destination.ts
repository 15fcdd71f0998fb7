// Where a connection's credential goes, as one text. The credential is sealed together with it, so
// that neither an edit of the settings nor one of the database sends it elsewhere (threat A17).
//
// O1. A connector that knows says so itself; of the others every text of the settings counts, a URL
//     by its origin: rather entered once too often than sent to somebody else's host.

import type { AnyConnector } from '../configured.ts'

export function destinationOf(connector: AnyConnector, settings: unknown): string {
  const own = connector.origin?.(settings)
  if (own !== undefined) return own
  const parts = Object.entries(isRecord(settings) ? settings : {}).flatMap(([name, value]) => {
    const part = partOf(name, value)
    return part === null ? [] : [[name, part]]
  })
  return JSON.stringify(parts.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)))
}

function partOf(name: string, value: unknown): string | null {
  if (typeof value === 'string') return originOf(value)
  if (typeof value === 'number') return name.includes('port') ? String(value) : null
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : null
}

/** Of another scheme than HTTP the query counts too: it may name the host. */
function originOf(text: string): string {
  if (!URL.canParse(text)) return text
  const { protocol, host, search } = new URL(text)
  const isHttp = protocol === 'http:' || protocol === 'https:'
  return `${protocol}//${host}${isHttp ? '' : search}`
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
