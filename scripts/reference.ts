// Writes docs/reference from the schemas: `npm run reference`. A test holds that it is up to date.

import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { renderActions } from './reference/actions.ts'
import { renderApi } from './reference/api.ts'
import { renderConfiguration } from './reference/configuration.ts'
import { renderErrors } from './reference/errors.ts'
import { renderEvents } from './reference/events.ts'
import { renderYaml } from './reference/yaml.ts'

export const pages = {
  'api.md': renderApi,
  'errors.md': renderErrors,
  'configuration.md': renderConfiguration,
  'events.md': renderEvents,
  'actions.md': renderActions,
  'yaml.md': renderYaml,
} as const satisfies Record<string, () => string>

export const pathOf = (page: string): string =>
  fileURLToPath(new URL(`../docs/reference/${page}`, import.meta.url))

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [page, render] of Object.entries(pages)) await writeFile(pathOf(page), render())
}
