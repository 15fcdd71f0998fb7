import { problems } from '@bookend/contract'
import { noteFor } from './note.ts'

export function renderErrors(): string {
  const rows = Object.entries(problems).map(
    ([code, { status, title }]) => `| \`${code}\` | ${status} | ${title} |`,
  )
  return `${noteFor('packages/contract')}# Error codes

A refused request is answered with a problem document (RFC 9457), \`application/problem+json\`: \`type\`, \`title\`, \`status\`,
\`detail\`, \`code\`, \`request_id\`, and \`errors[]\` of \`path\` and \`message\` where fields are at fault. 429 and 503 carry
\`Retry-After\`.

| Code | Status | Meaning |
|---|---|---|
${rows.join('\n')}
`
}
