// Writes docs/reference from the schemas: `npm run reference`. A test holds that it is up to date.

import type { Route, StreamRoute } from '@bookend/contract'
import { problems, routeList, streamList } from '@bookend/contract'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const NOTE = '<!-- Generated from packages/contract by `npm run reference`; do not edit. -->\n\n'

export const pages = {
  'api.md': renderApi,
  'errors.md': renderErrors,
} as const satisfies Record<string, () => string>

export const pathOf = (page: string): string =>
  fileURLToPath(new URL(`../docs/reference/${page}`, import.meta.url))

function renderErrors(): string {
  const rows = Object.entries(problems).map(
    ([code, { status, title }]) => `| \`${code}\` | ${status} | ${title} |`,
  )
  return `${NOTE}# Error codes

A refused request is answered with a problem document (RFC 9457), \`application/problem+json\`: \`type\`, \`title\`, \`status\`,
\`detail\`, \`code\`, \`request_id\`, and \`errors[]\` of \`path\` and \`message\` where fields are at fault. 429 and 503 carry
\`Retry-After\`.

| Code | Status | Meaning |
|---|---|---|
${rows.join('\n')}
`
}

function renderApi(): string {
  const tags = [...new Set(routeList.map(({ tag }) => tag))]
  const sections = tags.map((tag) => {
    const routes = routeList.filter((route) => route.tag === tag)
    const streams = streamList.filter((stream) => stream.tag === tag)
    return `## ${tag}\n\n${[...routes.map(renderRoute), ...streams.map(renderStream)].join('\n')}`
  })
  return `${NOTE}# API

Everything lies below \`/api/v1\`. Send \`Authorization: Bearer bk_…\`; the scope a route needs is beside it (\`admin\` may do
all, \`write\` includes \`read\` and \`calls\`). Every POST that creates takes an \`Idempotency-Key\`. Lists take \`limit\` and
\`cursor\` and answer \`next_cursor\`. Errors: [error codes](errors.md).

${sections.join('\n')}`
}

function renderRoute(route: Route): string {
  const { method, path, summary, scope, status } = route
  const parts = [
    renderFields('Query', route.query, 'input'),
    renderFields('Body', route.body, 'input'),
    renderFields(`Answer ${status}`, route.response, 'output'),
  ].filter((part) => part !== '')
  const answer = route.response === undefined ? `\nAnswers ${status}.\n` : ''
  return `### ${method} ${path}\n\n${summary}. ${scope === null ? 'Needs no key.' : `Scope \`${scope}\`.`}\n${answer}\n${parts.join('\n')}`
}

function renderStream(stream: StreamRoute): string {
  const { path, method = 'GET', summary, scope, query, body, events } = stream
  const tables = Object.entries(events).map(([event, { data, says }]) => {
    const fields = renderFields(`\`event: ${event}\`, its data`, data, 'output')
    return `\`${event}\`: ${says}.\n${fields === '' ? '' : `\n${fields}`}`
  })
  const given = [renderFields('Query', query, 'input'), renderFields('Body', body, 'input')]
  const parts = [...given, ...tables].filter((part) => part !== '')
  const goesOn = method === 'GET' ? ' `Last-Event-ID` goes on behind that event.' : ''
  return `### ${method} ${path}\n\n${summary}. Scope \`${scope}\`.${goesOn}\n\n${parts.join('\n')}`
}

interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly default?: unknown
  readonly format?: string
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
}

function renderFields(
  title: string,
  schema: z.ZodType | undefined,
  io: 'input' | 'output',
): string {
  if (schema === undefined) return ''
  const json = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    reused: 'inline',
  }) as JsonSchema
  const fields = Object.entries(json.properties ?? {})
  if (fields.length === 0) return ''
  const required = new Set(json.required)
  const rows = fields.map(([name, field]) => {
    const isNeeded = io === 'input' && required.has(name)
    return `| \`${name}\`${isNeeded ? ' (required)' : ''} | ${describe(field)} |`
  })
  return `| ${title} | |\n|---|---|\n${rows.join('\n')}\n`
}

function describe(field: JsonSchema): string {
  const limits = [
    field.maxLength === undefined ? '' : `at most ${field.maxLength} characters`,
    isLimit(field.minimum) ? `from ${field.minimum}` : '',
    isLimit(field.maximum) ? `to ${field.maximum}` : '',
    field.default === undefined ? '' : `default \`${JSON.stringify(field.default)}\``,
  ].filter((limit) => limit !== '')
  return [typeOf(field), ...limits].join(', ').replaceAll('|', '\\|')
}

/** Bounds of the number type itself say nothing. */
const isLimit = (bound: number | undefined): boolean =>
  bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER

function typeOf(field: JsonSchema): string {
  const options = field.anyOf ?? field.oneOf
  if (options !== undefined) return [...new Set(options.map(typeOf))].join(' or ')
  if (field.enum !== undefined)
    return field.enum.map((value) => `\`${String(value)}\``).join(' or ')
  if (field.const !== undefined) return `\`${JSON.stringify(field.const)}\``
  if (field.type === 'array')
    return `list of ${field.items === undefined ? 'values' : typeOf(field.items)}`
  if (field.type === 'object' && field.properties !== undefined) {
    return `object of ${Object.keys(field.properties)
      .map((name) => `\`${name}\``)
      .join(', ')}`
  }
  if (field.type === 'string' && field.format !== undefined)
    return NAME_OF[field.format] ?? 'string'
  return typeof field.type === 'string' ? field.type : 'any JSON'
}

const NAME_OF: Readonly<Record<string, string>> = {
  'date-time': 'instant (ISO 8601)',
  uuid: 'UUID',
  uri: 'URL',
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [page, render] of Object.entries(pages)) await writeFile(pathOf(page), render())
}
