import { variables } from '../../packages/server/src/config/variables.ts'
import { noteFor } from './note.ts'

export function renderConfiguration(): string {
  const rows = Object.entries(variables).map(
    ([name, { says, otherwise }]) => `| \`${name}\` | ${says} | ${otherwise} |`,
  )
  return `${noteFor('packages/server/src/config/variables.ts')}# Configuration

A server is configured by its environment, and by \`bookend.config.ts\` for [connections](../guides/connections.md), calendars and the
numbers that may be called. Every variable that is wrong is named at once, and nothing is started.

| Variable | Meaning | Left out |
|---|---|---|
${rows.join('\n')}

The command line reads \`BOOKEND_URL\` and \`BOOKEND_API_KEY\` to find a server: see [the command line](../guides/command-line.md).
`
}
