// `bookend.config.ts`: which accounts of other systems this installation has, and its calendars.
//
//   file ─▶ bundle ─▶ its function, given the environment ─▶ each connection by its connector ─▶ list
//
// K1. Every fault is told at once, by connection and field.
// K2. No value of the environment is in a message: a credential may be anywhere in it.

import { connectors } from '@bookend/connectors'
import {
  CalendarSchema,
  nameCalendars,
  type ParsedCalendar,
  WorkflowError,
  type DialRule,
  dialTypes,
} from '@bookend/core'
import type { Calendars } from '@bookend/core/yaml'
import { access } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { bundleAll } from '../workflows/bundle-cache.ts'
import { ModuleFiles } from '../workflows/module-files.ts'
import type { AnyConnector, ConfiguredConnection } from './configured.ts'
import { describeIssue } from './describe-issue.ts'

export interface LoadConfigOptions {
  /** Where the workflows are; the file is beside it. */
  readonly folder: string
  readonly dataDir: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly databaseUrl: string
}

const FILE = 'bookend.config.ts'
const NOTE_FILE = 'config.json'
const NAME = /^([a-z][a-z0-9-]*)\/[a-z0-9][a-z0-9_-]{0,63}$/
const catalog: Readonly<Record<string, AnyConnector>> = connectors

const Dialling = z.strictObject({
  countries: z.array(z.string().regex(/^[A-Z]{2}$/, 'must be two letters, such as US')),
  types: z.array(z.enum(dialTypes)).exactOptional(),
  numbers: z
    .array(z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be like +15550100001'))
    .exactOptional(),
})

const Config = z.strictObject({
  connections: z.record(z.string(), z.strictObject({ settings: z.unknown(), auth: z.unknown() })),
  calendars: z.record(z.string(), z.unknown()).default({}),
  dialling: Dialling.default({ countries: [] }),
})

export interface LoadedConfig {
  readonly connections: readonly ConfiguredConnection[]
  readonly calendars: Calendars
  /** Which numbers calls may be placed to; none, unless the file says so. */
  readonly dialRule: DialRule
}

/**
 * What is configured; nothing without the file.
 *
 * @throws {WorkflowError} The file cannot be loaded, a connection does not fit its connector, or a
 *   calendar is not one.
 */
export async function loadConfig(options: LoadConfigOptions): Promise<LoadedConfig> {
  const path = join(dirname(options.folder), FILE)
  const isThere = await access(path).then(
    () => true,
    () => false,
  )
  const nothing = { connections: [], calendars: nameCalendars({}), dialRule: { countries: [] } }
  if (!isThere) return nothing
  const { success, data, error } = Config.safeParse(await evaluate(path, options))
  if (!success) throw refuse(error.issues.map((issue) => describeIssue('config', issue)))
  const problems: string[] = []
  const configured: ConfiguredConnection[] = []
  for (const [name, given] of Object.entries(data.connections)) {
    const connector = findConnector(name)
    if (typeof connector === 'string') {
      problems.push(connector)
      continue
    }
    const settings = connector.settings.safeParse(given.settings)
    const auth = connector.auth.safeParse(given.auth)
    for (const issue of settings.error?.issues ?? []) {
      problems.push(`${name}: ${describeIssue('settings', issue)}`)
    }
    for (const issue of auth.error?.issues ?? []) {
      problems.push(`${name}: ${describeIssue('auth', issue)}`)
    }
    configured.push({ name, connector, settings: settings.data, auth: auth.data })
  }
  const calendars = readCalendars(data.calendars, problems)
  if (problems.length > 0) throw refuse(problems)
  return { connections: configured, calendars, dialRule: data.dialling }
}

function readCalendars(given: Readonly<Record<string, unknown>>, problems: string[]): Calendars {
  const read = new Map<string, ParsedCalendar>()
  for (const [name, value] of Object.entries(given)) {
    const { success, data, error } = CalendarSchema.safeParse(value)
    if (success) read.set(name, data)
    else problems.push(...error.issues.map((issue) => describeIssue(`calendars.${name}`, issue)))
  }
  return nameCalendars(Object.fromEntries(read))
}

/** The connector that a connection's name asks for, or what is wrong with the name. */
function findConnector(name: string): AnyConnector | string {
  const [, id] = NAME.exec(name) ?? []
  if (id === undefined) return `"${name}" is not a name; write <connector>/<connection>`
  const connector = Object.hasOwn(catalog, id) ? catalog[id] : undefined
  const known = Object.keys(catalog).join(', ')
  return connector ?? `${name}: there is no connector "${id}"; there are ${known}`
}

async function evaluate(path: string, options: LoadConfigOptions): Promise<unknown> {
  const { dataDir, env, databaseUrl } = options
  const modules = new ModuleFiles(dataDir)
  const bundles = await bundleAll([{ path, name: 'config' }], modules, NOTE_FILE).catch(
    (error: unknown) => {
      throw error instanceof WorkflowError ? refuse(error.message.split('\n'), error) : error
    },
  )
  const bundle = bundles.get(path)
  if (bundle === undefined) return undefined
  try {
    const module = await modules.load(await modules.keep('config', bundle.version, bundle.code))
    const config = module['default']
    if (typeof config === 'function') return await config({ env, databaseUrl })
  } catch (error) {
    throw refuse([describeThrown(error, [...Object.values(env), databaseUrl])])
  }
  throw refuse(['has no default export; write export default defineConfig(({ env }) => ({ … }))'])
}

/** The author's own message is what helps; a parser's quotes the text it was given. */
function describeThrown(error: unknown, secrets: readonly (string | undefined)[]): string {
  if (!(error instanceof Error)) return `threw a ${typeof error}`
  if (error instanceof SyntaxError) return 'threw a SyntaxError; a text could not be parsed'
  return secrets
    .filter((secret) => secret !== undefined && secret.length >= SECRET_LENGTH_MIN)
    .reduce<string>((message, secret) => message.replaceAll(secret ?? '', '…'), error.message)
}

/** Shorter values are words such as `true`, and would make any message unreadable. */
const SECRET_LENGTH_MIN = 6

function refuse(problems: readonly string[], cause?: unknown): WorkflowError {
  const lines = problems.map((problem) => `  ${problem}`).join('\n')
  return new WorkflowError(`${FILE} cannot be used:\n${lines}`, { cause })
}
