import type { StreamRoute } from '@bookend/contract'
import { routeList, streamList } from '@bookend/contract'
import { curlOf, curlOfStream } from './curl.ts'
import { renderFields } from './fields.ts'
import { noteFor } from './note.ts'

export function renderApi(): string {
  const tags = [...new Set(routeList.map(({ tag }) => tag))]
  const sections = tags.map((tag) => {
    const routes = routeList.filter((route) => route.tag === tag)
    const streams = streamList.filter((stream) => stream.tag === tag)
    return `## ${tag}\n\n${[...routes.map(renderRoute), ...streams.map(renderStream)].join('\n')}`
  })
  return `${noteFor('packages/contract')}# API

Everything lies below \`/api/v1\`. Send \`Authorization: Bearer bk_…\`; the scope a route needs is beside it (\`admin\` may do
all, \`write\` includes \`read\` and \`calls\`). Every POST that creates takes an \`Idempotency-Key\`. Lists take \`limit\` and
\`cursor\` and answer \`next_cursor\`. Errors: [error codes](errors.md).

In the examples \`BOOKEND_URL\` is where the server is, \`http://127.0.0.1:4400\` on your own machine, and \`BOOKEND_API_KEY\` a key. Names
such as \`AGENT_ID\` stand for what an answer before told: \`export AGENT_ID=…\`. \`--json\` needs curl 7.82 or later. From TypeScript,
\`createClient\` of \`@bookend/sdk/client\` calls the same routes by their names, with types: \`client.call('getAgent', { params: { id } })\`.
The names are the \`operationId\`s of \`/openapi.json\`, which is made from the same table of routes.

${sections.join('\n')}`
}

function renderRoute(route: (typeof routeList)[number]): string {
  const { name, method, path, summary, scope, status } = route
  const parts = [
    renderFields('Query', route.query, 'input'),
    renderFields('Body', route.body, 'input'),
    renderFields(`Answer ${status}`, route.response, 'output'),
  ].filter((part) => part !== '')
  const answer = route.response === undefined ? `\nAnswers ${status}.\n` : ''
  return `### ${method} ${path}\n\n${summary}. ${scope === null ? 'Needs no key.' : `Scope \`${scope}\`.`}\n${answer}\n${block(curlOf(name))}\n${parts.join('\n')}`
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
  return `### ${method} ${path}\n\n${summary}. Scope \`${scope}\`.${goesOn}\n\n${block(curlOfStream(stream))}\n${parts.join('\n')}`
}

const block = (command: string): string => `\`\`\`sh\n${command}\n\`\`\`\n`
