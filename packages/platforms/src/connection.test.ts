import { describe, expect, test } from 'vitest'
import { openConnection } from './connection.ts'
import { platformIds } from './neutral.ts'
import { platforms } from './platforms.ts'
import { secretPaths } from './rules/options.ts'
import { loadFixtures, rawRequest } from './testing/fixture.ts'

const urls = {
  preCall: 'https://bookend.example/platforms/x/main/pre-call',
  events: 'https://bookend.example/platforms/x/main/events',
}

/** Where the sample has none that is named as one. */
const SECRETS: Readonly<Record<string, readonly string[]>> = {
  telnyx: ['api_key'],
  sip: ['password'],
}

describe.each(platformIds)('a connection to %s', (platform) => {
  const [sample] = loadFixtures(platform)
  const opened = openConnection(platform, sample?.options)

  test('is opened with its settings, and does what its adapter does', () => {
    if (!opened.ok) throw new Error(JSON.stringify(opened.issues))
    const { connection } = opened
    expect(connection.budgetMs).toBeGreaterThan(0)
    const requests = loadFixtures(platform).flatMap(({ request }) => request ?? [])
    const readings = requests.map((request) =>
      request.door === 'pre-call'
        ? connection.readPreCall(rawRequest(request)).kind
        : connection.readEvents(rawRequest(request)).kind,
    )
    expect(readings.length).toBeGreaterThan(0)
    expect(connection.verify({ ...rawRequest(requests[0]!), headers: {}, url: '/' }).ok).toBe(false)
  })

  test('says what to set on the platform’s side, both addresses among it', () => {
    if (!opened.ok) throw new Error(JSON.stringify(opened.issues))
    const steps = JSON.stringify(opened.connection.setUp(urls))
    // Kamailio is told what both have in common, with its user name in it.
    const [asks, tells] =
      platform === 'sip'
        ? ['@bookend.example/platforms/x/main', urls.events]
        : [urls.preCall, urls.events]
    expect(steps).toContain(asks)
    expect(steps).toContain(tells)
  })

  test('asks the platform’s own API, and shows a secret only to that', () => {
    if (!opened.ok) throw new Error(JSON.stringify(opened.issues))
    const targets = { agentIds: ['a/1'], numberIds: ['+15550123'] }
    const requests = opened.connection.setUp(urls, targets).flatMap(({ requests: all = [] }) => all)
    const hosts = requests.map(({ url }) => new URL(url).protocol)
    expect(new Set(hosts).size).toBeLessThanOrEqual(1)
    expect(hosts.every((protocol) => protocol === 'https:')).toBe(true)
    expect(requests.every(({ url }) => !url.includes('a/1') && !url.includes('+'))).toBe(true)
  })

  test('marks its secrets, so that they are sealed and never shown', () => {
    const secrets = secretPaths(platforms[platform].options)
    const named = JSON.stringify(sample?.options).match(/"(?!agents)\w*(?:secret|token)\w*":/g)
    const expected = SECRETS[platform] ?? named ?? ['api_key']
    for (const name of expected) {
      const plain = name.replaceAll(/[":]/g, '')
      expect(secrets.some((path) => path === plain || path.endsWith(`.${plain}`))).toBe(true)
    }
  })

  test('names what is wrong with its settings', () => {
    const wrong = openConnection(platform, { outcome_parameters: 'yes', budget_ms: 1 })
    expect(wrong.ok).toBe(false)
  })
})
