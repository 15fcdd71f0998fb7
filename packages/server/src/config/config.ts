// What the environment says (contract §8). Read once; every fault is named in one go.

import { BookendError } from '@bookend/core'
import { KEY_PATTERN } from '@bookend/contract'
import { resolve } from 'node:path'
import type { ModelSettings } from '../analysis/chat-model.ts'
import { isLogLevel, type LogLevel } from '../log.ts'
import { secretKeyBytes } from '../secrets/secrets.ts'
import type { Variable } from './variables.ts'

export class ConfigError extends BookendError {
  override readonly name = 'ConfigError'
  readonly code = 'config_invalid'
  readonly retryable = false

  constructor(faults: readonly string[]) {
    super(`The environment cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
  }
}

type Role = 'api' | 'worker'

export interface Config {
  readonly host: string
  readonly port: number
  /** Null: the embedded PostgreSQL in the data folder. */
  readonly databaseUrl: string | null
  readonly dataDir: string
  /** Null: made on the first start, in the data folder. */
  readonly secretKey: Uint8Array | null
  /** Earlier secret keys, or the one to come: they open what they sealed, and seal nothing. */
  readonly previousSecretKeys: readonly Uint8Array[]
  /** The first admin key; null: made on the first start. */
  readonly apiKey: string | null
  readonly roles: ReadonlySet<Role>
  readonly workflowsDir: string
  /** Take over what is saved in the folder of workflows while running. */
  readonly watch: boolean
  readonly allowPrivateTargets: boolean
  readonly logLevel: LogLevel
  /** How many calls may wait for their pre-call workflow at once; more are answered without it. */
  readonly maxCallsInFlight: number
  /** Requests to one host in a second, sustained. */
  readonly maxRequestsPerHost: number
  /** How long a call may show no sign of life before it is closed as lost, in minutes. */
  readonly lostAfterMinutes: number
  /** How long calls and what belongs to them are kept, in days; 0: for ever. */
  readonly retentionDays: number
  /** What `/metrics` asks for as a bearer token; null: it answers this machine alone. */
  readonly metricsToken: string | null
  /** Where people reach this server, without a slash at the end; null: where it listens. */
  readonly publicUrl: string | null
  /** What analyzers ask; null: none is configured. */
  readonly model: ModelSettings | null
}

const SECRET_KEY = /^[A-Za-z0-9+/_-]{43}=?$/

/** @throws {ConfigError} Naming every variable that is not as it must be. */
export function parseConfig(env: NodeJS.ProcessEnv): Config {
  const faults: string[] = []
  const read = <T>(name: Variable, fallback: T, parse: (text: string) => T | string): T => {
    const text = env[name]?.trim() ?? ''
    if (text === '') return fallback
    const parsed = parse(text)
    if (typeof parsed !== 'string' || typeof fallback === 'string') return parsed as T
    faults.push(`${name} ${parsed}`)
    return fallback
  }
  const asIs = (text: string): string => text

  const config: Config = {
    host: read('HOST', '127.0.0.1', asIs),
    port: read('PORT', 4_400, parsePort),
    databaseUrl: read<{ url: string } | null>('DATABASE_URL', null, parseDatabaseUrl)?.url ?? null,
    dataDir: resolve(read('BOOKEND_DATA_DIR', '.bookend', asIs)),
    secretKey: read<Uint8Array | null>('BOOKEND_SECRET_KEY', null, parseSecretKey),
    previousSecretKeys: read<{ keys: readonly Uint8Array[] }>(
      'BOOKEND_SECRET_KEY_PREVIOUS',
      { keys: [] },
      parseSecretKeys,
    ).keys,
    apiKey: read<{ key: string } | null>('BOOKEND_API_KEY', null, parseApiKey)?.key ?? null,
    roles: read('BOOKEND_ROLES', new Set<Role>(['api', 'worker']), parseRoles),
    workflowsDir: resolve(read('BOOKEND_WORKFLOWS', 'workflows', asIs)),
    watch: read('BOOKEND_WATCH', false, parseBoolean),
    allowPrivateTargets: read('BOOKEND_ALLOW_PRIVATE_TARGETS', false, parseBoolean),
    maxRequestsPerHost: read('BOOKEND_MAX_REQUESTS_PER_HOST', 500, parseCount),
    lostAfterMinutes: read('BOOKEND_LOST_AFTER_MINUTES', 120, parseMinutes),
    retentionDays: read('BOOKEND_RETENTION_DAYS', 90, parseDays),
    maxCallsInFlight: read('BOOKEND_MAX_CALLS_IN_FLIGHT', 2_000, parseCount),
    metricsToken:
      read<{ token: string } | null>('BOOKEND_METRICS_TOKEN', null, parseToken)?.token ?? null,
    publicUrl:
      read<{ url: string } | null>('BOOKEND_PUBLIC_URL', null, parsePublicUrl)?.url ?? null,
    model: readModel(env, faults),
    logLevel: read<{ level: LogLevel }>('BOOKEND_LOG_LEVEL', { level: 'warn' }, parseLevel).level,
  }
  if (faults.length > 0) throw new ConfigError(faults)
  return config
}

const MODEL_VARIABLES = [
  'BOOKEND_MODEL_BASE_URL',
  'BOOKEND_MODEL_NAME',
  'BOOKEND_MODEL_API_KEY',
  'BOOKEND_MODEL_PRICE',
] as const satisfies readonly Variable[]

/** Base and name belong together: one without the other is a mistake. */
function readModel(env: NodeJS.ProcessEnv, faults: string[]): ModelSettings | null {
  const [base = '', name = '', key = '', price = ''] = MODEL_VARIABLES.map(
    (variable) => env[variable]?.trim() ?? '',
  )
  if (base === '' && name === '') return null
  const before = faults.length
  const parsed = parsePublicUrl(base)
  if (typeof parsed === 'string') {
    faults.push('BOOKEND_MODEL_BASE_URL must be like https://models.example.com/v1')
  }
  if (name === '') faults.push('BOOKEND_MODEL_NAME must name the model to ask')
  if (!/^[\x21-\x7e]{0,1000}$/.test(key)) {
    faults.push('BOOKEND_MODEL_API_KEY must be printable characters, no spaces')
  }
  const [, input, output] = /^(\d{1,6}(?:\.\d{1,6})?)\/(\d{1,6}(?:\.\d{1,6})?)$/.exec(price) ?? []
  if (price !== '' && output === undefined) {
    faults.push(
      'BOOKEND_MODEL_PRICE must be like 0.15/0.60, dollars for a million tokens in and out',
    )
  }
  if (typeof parsed === 'string' || faults.length > before) return null
  return {
    baseUrl: parsed.url,
    apiKey: key === '' ? null : key,
    name,
    prices: price === '' ? null : { input: Number(input), output: Number(output) },
  }
}

function parsePort(text: string): number | string {
  const port = Number(text)
  const isPort = /^\d{1,5}$/.test(text) && port <= 65_535
  return isPort ? port : 'must be a port, 0 to 65535; 0 takes a free one'
}

function parseMinutes(text: string): number | string {
  const minutes = Number(text)
  const isUsable = /^\d{1,6}$/.test(text) && minutes >= 1
  return isUsable ? minutes : 'must be a whole number of minutes, at least 1'
}

function parseCount(text: string): number | string {
  const count = Number(text)
  return /^\d{1,6}$/.test(text) && count >= 1 ? count : 'must be a whole number, at least 1'
}

function parseDatabaseUrl(text: string): { url: string } | string {
  const isPostgres = /^postgres(ql)?:\/\//.test(text) && URL.canParse(text)
  return isPostgres ? { url: text } : 'must be a postgres:// URL'
}

function parseSecretKey(text: string): Uint8Array | string {
  const bytes = SECRET_KEY.test(text) ? Buffer.from(text, 'base64url') : Buffer.alloc(0)
  return bytes.length === secretKeyBytes ? bytes : 'must be 32 bytes in base64'
}

function parseSecretKeys(text: string): { keys: readonly Uint8Array[] } | string {
  const parsed = text.split(',').map((part) => parseSecretKey(part.trim()))
  const keys = parsed.filter((key) => typeof key !== 'string')
  return keys.length === parsed.length ? { keys } : 'must be keys of 32 bytes in base64, by commas'
}

function parseApiKey(text: string): { key: string } | string {
  return KEY_PATTERN.test(text)
    ? { key: text }
    : 'must look like bk_<12 of a-z 2-7>_<43 letters and digits>; leave it out to have one made'
}

const TOKEN = /^[\x21-\x7e]{16,200}$/

function parseToken(text: string): { token: string } | string {
  return TOKEN.test(text) ? { token: text } : 'must be 16 to 200 printable characters, no spaces'
}

function parsePublicUrl(text: string): { url: string } | string {
  const url = URL.canParse(text) ? new URL(text) : null
  const isUsable =
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    url.username === '' &&
    url.search === '' &&
    url.hash === ''
  return isUsable ? { url: text.replace(/\/+$/, '') } : 'must be like https://bookend.example.com'
}

const DAYS_MAX = 36_500

function parseDays(text: string): number | string {
  const isDays = /^\d{1,5}$/.test(text) && Number(text) <= DAYS_MAX
  return isDays ? Number(text) : `must be whole days, 0 to ${DAYS_MAX}; 0 keeps everything`
}

function parseRoles(text: string): Set<Role> | string {
  const roles = text.split(',').map((role) => role.trim())
  const known = roles.filter((role): role is Role => role === 'api' || role === 'worker')
  return known.length === roles.length ? new Set(known) : 'must be api, worker or api,worker'
}

function parseBoolean(text: string): boolean | string {
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0') return false
  return 'must be true or false'
}

const parseLevel = (text: string): { level: LogLevel } | string =>
  isLogLevel(text) ? { level: text } : 'must be debug, info, warn, error or silent'
