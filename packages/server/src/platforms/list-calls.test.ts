import type { VoicePlatformId } from '@bookend/contract'
import { openConnection } from '@bookend/platforms'
import { loadFixtures } from '@bookend/platforms/testing'
import { expect, test } from 'vitest'
import { listRequest, readCallIds } from './list-calls.ts'

const since = new Date('2026-03-02T15:00:00Z')
const sid = `AC${'0'.repeat(32)}`

function listOf(platform: VoicePlatformId) {
  const options = loadFixtures(platform)[0]?.options
  const more = platform === 'twilio' ? { account_sid: sid } : { api_key: 'key' }
  const opened = openConnection(platform, { ...options, ...more })
  if (!opened.ok) throw new Error(JSON.stringify(opened.issues))
  const record = opened.connection.hydrationOf('x')
  return record === null ? null : listRequest(platform, record, since)
}

test.each([
  ['simple-ai', 'https://api.prod.usesimple.ai/api/v1/calls?page=1&page_size=100'],
  ['retell', 'https://api.retellai.com/v3/list-calls'],
  ['vapi', 'https://api.vapi.ai/call?limit=100&createdAtGe=2026-03-02T15%3A00%3A00.000Z'],
  [
    'elevenlabs',
    'https://api.elevenlabs.io/v1/convai/conversations?page_size=100&call_start_after_unix=1772463600',
  ],
  [
    'twilio',
    `https://api.twilio.com/2010-04-01/Accounts/${sid}/Calls.json?PageSize=100&StartTime%3E=2026-03-02`,
  ],
  ['bland', 'https://api.bland.ai/v1/calls?limit=100&start_date=2026-03-02'],
] as const)('%s is asked for its late calls with the key of its records', (platform, url) => {
  const request = listOf(platform)
  expect(request?.url).toBe(url)
  expect(Object.keys(request?.headers ?? {}).length).toBeGreaterThan(0)
})

test('a platform that offers no list is not asked', () => {
  expect(listOf('telnyx')).toBeNull()
})

const answer = (body: unknown, status = 200) => ({
  status,
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})

test.each([
  ['vapi', [{ id: 'a' }, { id: 'b' }, { id: 'a' }], ['a', 'b']],
  ['retell', { items: [{ call_id: 'a' }], has_more: true }, ['a']],
  ['bland', { count: 1, calls: [{ c_id: 'a' }] }, ['a']],
  ['twilio', { calls: [{ sid: 'a' }, { sid: 'leg', parent_call_sid: 'a' }] }, ['a']],
  ['simple-ai', { calls: [{ uuid: 'u', simple_uuid: 's' }] }, ['s']],
  ['elevenlabs', { conversations: [null, 7, {}, { conversation_id: '' }] }, []],
] as const)('ids of %s are read wherever its answer has them', (platform, body, ids) => {
  expect(readCallIds(platform, answer(body))).toEqual(ids)
})

test('an answer that is none is no list of calls', () => {
  for (const body of ['', 'null', '{}', '"x"', '[[[']) {
    expect(readCallIds('vapi', answer(body))).toBeNull()
  }
  expect(readCallIds('vapi', answer([{ id: 'a' }], 401))).toBeNull()
})
