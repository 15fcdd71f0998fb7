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
    expect(steps).toContain(urls.preCall)
    expect(steps).toContain(urls.events)
  })

  test('marks its secrets, so that they are sealed and never shown', () => {
    const secrets = secretPaths(platforms[platform].options)
    const named = JSON.stringify(sample?.options).match(/"(?!agents)\w*(?:secret|token)\w*":/g)
    const expected = platform === 'telnyx' ? ['api_key'] : (named ?? ['"api_key":'])
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
