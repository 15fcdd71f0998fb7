import { createApiKey } from '@bookend/core'
import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { parseConfig } from './config.ts'
import { variables } from './variables.ts'

test('an empty environment is the embedded default', () => {
  expect(parseConfig({})).toEqual({
    host: '127.0.0.1',
    port: 4_400,
    databaseUrl: null,
    dataDir: resolve('.bookend'),
    secretKey: null,
    previousSecretKeys: [],
    apiKey: null,
    roles: new Set(['api', 'worker']),
    workflowsDir: resolve('workflows'),
    watch: false,
    allowPrivateTargets: false,
    logLevel: 'warn',
    maxCallsInFlight: 2_000,
    maxRequestsPerHost: 500,
    lostAfterMinutes: 120,
    retentionDays: 90,
    metricsToken: null,
    publicUrl: null,
    model: null,
  })
})

test('what is set is read', () => {
  const secret = randomBytes(32)
  const { key } = createApiKey()
  const config = parseConfig({
    PORT: '0',
    HOST: '0.0.0.0',
    DATABASE_URL: 'postgresql://bookend@db/bookend',
    BOOKEND_SECRET_KEY: secret.toString('base64'),
    BOOKEND_API_KEY: key,
    BOOKEND_ROLES: 'api',
    BOOKEND_ALLOW_PRIVATE_TARGETS: 'true',
    BOOKEND_METRICS_TOKEN: 'scraper-of-the-house',
    BOOKEND_PUBLIC_URL: 'https://bookend.test/',
    BOOKEND_LOG_LEVEL: 'silent',
  })
  expect(config).toMatchObject({ port: 0, host: '0.0.0.0', allowPrivateTargets: true, apiKey: key })
  expect(config.databaseUrl).toBe('postgresql://bookend@db/bookend')
  expect(Buffer.from(config.secretKey ?? []).equals(secret)).toBe(true)
  expect(config.metricsToken).toBe('scraper-of-the-house')
  expect(config.publicUrl).toBe('https://bookend.test')
  expect([...config.roles]).toEqual(['api'])
})

test('every variable that is wrong is named at once', () => {
  const env = {
    PORT: '70000',
    DATABASE_URL: 'mysql://db',
    BOOKEND_SECRET_KEY: 'short',
    BOOKEND_API_KEY: 'secret',
    BOOKEND_ROLES: 'api,king',
    BOOKEND_WATCH: 'perhaps',
    BOOKEND_ALLOW_PRIVATE_TARGETS: 'perhaps',
    BOOKEND_RETENTION_DAYS: '-1',
    BOOKEND_MAX_CALLS_IN_FLIGHT: '0',
    BOOKEND_METRICS_TOKEN: 'short',
    BOOKEND_PUBLIC_URL: 'ftp://elsewhere',
    BOOKEND_LOG_LEVEL: 'loud',
  }
  expect(() => parseConfig(env)).toThrow(new RegExp(Object.keys(env).join('[^]*')))
})

test('a language model is its base, its name, and what is known of its prices', () => {
  const env = { BOOKEND_MODEL_BASE_URL: 'https://models.test/v1/', BOOKEND_MODEL_NAME: 'small' }
  const bare = { baseUrl: 'https://models.test/v1', name: 'small', apiKey: null, prices: null }
  expect(parseConfig(env).model).toEqual(bare)
  const keyed = { ...env, BOOKEND_MODEL_API_KEY: 'sk-1', BOOKEND_MODEL_PRICE: '0.15/0.60' }
  expect(parseConfig(keyed).model).toEqual({
    ...bare,
    apiKey: 'sk-1',
    prices: { input: 0.15, output: 0.6 },
  })
})

test.each([
  [{ BOOKEND_MODEL_NAME: 'small' }, 'BOOKEND_MODEL_BASE_URL'],
  [{ BOOKEND_MODEL_BASE_URL: 'https://models.test/v1' }, 'BOOKEND_MODEL_NAME'],
  [
    { BOOKEND_MODEL_BASE_URL: 'https://m.test', BOOKEND_MODEL_NAME: 'm', BOOKEND_MODEL_PRICE: '1' },
    'BOOKEND_MODEL_PRICE',
  ],
])('half a language model is a mistake: %j', (env, variable) =>
  expect(() => parseConfig(env)).toThrow(variable),
)

test('each variable of the reference is read', () => {
  const asked = new Set<string>()
  const env = { BOOKEND_MODEL_BASE_URL: 'https://models.test', BOOKEND_MODEL_NAME: 'small' }
  parseConfig(
    new Proxy<NodeJS.ProcessEnv>(env, {
      get(target, name) {
        asked.add(String(name))
        return target[String(name)]
      },
    }),
  )
  expect(asked).toEqual(new Set(Object.keys(variables)))
})
