import type { Params } from './schema.ts'

/**
 * Values for `{name:Type}` as the server reads them: a text by its escapes, the texts of a list in
 * quotes. They are never a part of the SQL (threat D5).
 */
export function renderParams(params: Params): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      `param_${name}`,
      Array.isArray(value) ? `[${value.map(renderItem).join(',')}]` : renderValue(value),
    ]),
  )
}

type Scalar = string | number | boolean | null

const renderValue = (value: Scalar): string =>
  value === null ? '\\N' : typeof value === 'string' ? escape(value) : String(value)

function renderItem(value: Scalar): string {
  if (value === null) return 'NULL'
  if (typeof value !== 'string') return String(value)
  return `'${escape(value).replaceAll("'", "\\'")}'`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\0': '\\0',
}

// oxlint-disable-next-line no-control-regex
const escape = (text: string): string =>
  text.replaceAll(/[\\\t\n\r\0]/g, (one) => ESCAPES[one] ?? one)
