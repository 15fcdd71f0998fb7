import { WriteCapturedError, captureWrites } from '@bookend/core'
import { describe, expect, test } from 'vitest'
import { openBench } from '../testing/bench.ts'
import { status } from '../testing/fault.ts'
import { teams } from './index.ts'
import { TeamsAuth } from './schema.ts'
import { SIGNATURE, openFakeTeams } from './testing/fake.ts'

const subject = { connector: teams, open: openFakeTeams }
const input = { text: 'Ada called.' }

describe('a flow', () => {
  test('is called at its URL, and names its run', async () => {
    await using bench = await openBench(subject)
    expect(await bench.run('card.post', input)).toEqual({
      kind: 'ok',
      output: { id: 'run1', status: 'accepted' },
    })
    expect(bench.vendor.requests[0]?.query.get('sig')).toBe(SIGNATURE)
  })

  test.each([
    [400, 'refused', 'InvalidRequestContent'],
    [401, 'auth', 'DirectApiAuthorizationRequired'],
    [403, 'auth', 'Forbidden'],
    [404, 'auth', 'WorkflowNotFound'],
    [413, 'refused', 'TooLarge'],
    [429, 'limited', 'TooManyRequests'],
    [500, 'unknown', 'InternalServerError'],
    [502, 'unknown', 'NoResponse'],
  ])('that answers %i is %s', async (code, kind, error) => {
    await using bench = await openBench(subject)
    bench.vendor.failAll(status(code, {}, { error: { code: error, message: 'about Ada' } }))
    const outcome = await bench.run('card.post', input)
    expect(outcome).toMatchObject({ kind: 'failed', verdict: { kind } })
    expect(JSON.stringify(outcome)).not.toContain('Ada')
  })

  test('that is gone fails the check, and one that wants a POST passes it', async () => {
    await using bench = await openBench(subject)
    expect(await bench.check()).toMatchObject({ kind: 'ok' })
    expect(bench.setup.cards).toEqual([])
    bench.vendor.failAll(status(404, {}, { error: { code: 'WorkflowNotFound' } }))
    expect(await bench.check()).toMatchObject({
      verdict: { kind: 'auth', detail: 'WorkflowNotFound' },
    })
  })

  test('is shown by a dry run without its signature (K13)', async () => {
    await using bench = await openBench(subject)
    const http = captureWrites(bench.http)
    const dry: unknown = await bench.run('card.post', input, { http }).catch((error) => error)
    expect(dry).toBeInstanceOf(WriteCapturedError)
    const { captured } = dry as WriteCapturedError
    expect(captured.url).toBe(`${bench.vendor.url}/…`)
    expect(captured.body).toContain('Ada called.')
  })
})

describe('a URL', () => {
  const problemOf = (url: string): string | undefined =>
    TeamsAuth.safeParse({ url }).error?.issues[0]?.message

  test('of a retired connector is refused with what to do', () => {
    for (const host of ['acme.webhook.office.com', 'outlook.office.com']) {
      expect(problemOf(`https://${host}/webhookb2/1@2/IncomingWebhook/3`)).toBeDefined()
      expect(problemOf(`https://${host}/webhookb2/IncomingWebhook/3`)).toContain('retired')
    }
  })

  test('without a signature is one that the flow would not take', () => {
    expect(problemOf('https://a.api.powerplatform.com/x?api-version=1')).toContain('anyone')
    expect(problemOf('http://a.api.powerplatform.com/x?sig=123456789')).toBeDefined()
    expect(problemOf('https://a.logic.azure.com/x?sp=1&sig=123456789')).toBeUndefined()
  })
})
