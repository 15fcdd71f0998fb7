// A command for a shell that asks one route, as the reference shows it and the test runs it.

import type { RouteName, Routes, StreamRoute } from '@bookend/contract'
import { routes } from '@bookend/contract'
import { examples, inPaths } from './examples.ts'

interface Asked {
  readonly method: string
  readonly path: string
  readonly scope: string | null
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
}

export function curlOf(name: RouteName): string {
  const { method, path, scope }: Routes[RouteName] = routes[name]
  return renderCurl({ method, path, scope, ...(examples[name] as Partial<Asked> | undefined) })
}

const STREAMED: Readonly<Record<string, Partial<Asked>>> = {
  '/stream': { query: { topics: 'calls,runs' } },
  '/calls/{id}/say': { body: { text: 'My invoice is wrong.' } },
}

export function curlOfStream({ path, method, scope }: StreamRoute): string {
  const command = renderCurl({ method: method ?? 'GET', path, scope, ...STREAMED[path] })
  return command.replace(/^curl/, 'curl -N')
}

function renderCurl({ method, path, scope, params = {}, query = {}, body }: Asked): string {
  const search = Object.entries(query)
    .map(([key, value]) => `${key}=${encodeURIComponent(String(value)).replaceAll('%2C', ',')}`)
    .join('&')
  const url = `"$BOOKEND_URL/api/v1${fill(path, params)}${search === '' ? '' : `?${search}`}"`
  const words = ['curl', ...(method === 'GET' ? [] : ['-X', method]), url]
  if (scope !== null) words.push('-H "Authorization: Bearer $BOOKEND_API_KEY"')
  if (body === undefined) return words.join(' ')
  return `${words.join(' ')} --json ${renderBody(body)}`
}

/** A body with variables stands in a here-document, where the shell fills them in. */
function renderBody(body: unknown): string {
  const text = JSON.stringify(body, null, 2)
  if (/\$[A-Z]/.test(text)) return `@- <<END\n${text}\nEND`
  const short = JSON.stringify(body)
  return `'${short.length > 80 ? text : short}'`
}

function fill(path: string, params: Readonly<Record<string, string>>): string {
  const parts = path.split('/')
  const filled = parts.map((part, index) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1]
    if (name === undefined) return part
    const value = params[name] ?? inPaths[`${parts[index - 1]}/${part}`]
    if (value === undefined) throw new Error(`${path}: there is no example of {${name}}`)
    return value
  })
  return filled.join('/')
}
