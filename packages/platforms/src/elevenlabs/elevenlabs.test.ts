import { ElevenLabsClient } from '@elevenlabs/elevenlabs-js'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { describeHydration } from '../testing/conformance-hydration.ts'
import { adapterConformance } from '../testing/conformance.ts'
import { loadFixture, requestOf } from '../testing/fixture.ts'
import { signAs } from '../testing/sign.ts'
import { elevenLabs } from './index.ts'

adapterConformance(elevenLabs, {
  signsBody: ['events'],
  timed: { events: 1_800_000 },
  unheardOf: { body: '{"type":"post_call_dream","data":{"conversation_id":"c1"}}' },
})

describeHydration(elevenLabs, {
  body: {
    conversation_id: 'c1',
    status: 'done',
    metadata: { start_time_unix_secs: 1_772_463_849, call_duration_secs: 60 },
    transcript: [{ role: 'agent', message: 'Hi', tool_results: [{ result_value: 'ok' }] }],
    analysis: { transcript_summary: 'Short.' },
  },
  call: {
    ended_at: '2026-03-02T15:05:09.000Z',
    summary: 'Short.',
    transcripts: [
      { role: 'agent', text: 'Hi' },
      { role: 'tool', text: 'ok' },
    ],
  },
})

const fixture = loadFixture('elevenlabs', 'event.post_call_transcription')
const options = elevenLabs.options.parse(fixture.options)
const raw = requestOf('elevenlabs', 'event.post_call_transcription')

describe('what ElevenLabs signs', () => {
  test('is verified by its own helper when the samples say so', async () => {
    vi.useFakeTimers({ now: Date.parse(raw.received_at) })
    onTestFinished(() => {
      vi.useRealTimers()
    })
    const { webhooks } = new ElevenLabsClient({ apiKey: 'unused' })
    const header = raw.headers['elevenlabs-signature'] ?? ''
    const text = Buffer.from(raw.body).toString()
    const event: unknown = await webhooks.constructEvent(text, header, options.webhook_secret)
    expect(event).toMatchObject({ type: 'post_call_transcription' })
    await expect(
      webhooks.constructEvent(`${text} `, header, options.webhook_secret),
    ).rejects.toThrow(/signature/i)
  })

  test('holds in any order, with spaces, and beside the signature of an older secret', () => {
    const [t = '', v0 = ''] = (raw.headers['elevenlabs-signature'] ?? '').split(',')
    const held = [`${v0},${t}`, ` ${t} , ${v0} `, `${t},v0=${'0'.repeat(64)},${v0}`].map(
      (header) =>
        elevenLabs.verify({ ...raw, headers: { 'elevenlabs-signature': header } }, options).ok,
    )
    expect(held).toEqual([true, true, true])
  })

  test('holds for the secret before, while it is rotated', () => {
    const at = new Date(raw.received_at)
    const old = { ...fixture.options, webhook_secret: 'the secret before' }
    const headers = signAs('elevenlabs', { ...raw, at, contentType: '' }, old)
    expect(elevenLabs.verify({ ...raw, headers }, options).ok).toBe(false)
    const rotating = { ...options, previous_webhook_secret: 'the secret before' }
    expect(elevenLabs.verify({ ...raw, headers }, rotating).ok).toBe(true)
  })

  test('is refused with a time that is no number, which its own helper lets through', () => {
    const headers = { 'elevenlabs-signature': `t=soon,v0=${'0'.repeat(64)}` }
    expect(elevenLabs.verify({ ...raw, headers }, options)).toMatchObject({
      ok: false,
      why: 'the timestamp is not a whole number',
    })
  })
})

test('a report without its turns is to be fetched; one of an empty call is not', () => {
  const bodyWith = (transcript: unknown) =>
    Buffer.from(
      JSON.stringify({
        type: 'post_call_transcription',
        data: { conversation_id: 'c1', status: 'done', transcript },
      }),
    )
  const thin = elevenLabs.readEvents({ ...raw, body: bodyWith(undefined) }, options)
  expect(thin).toMatchObject({ events: [{ needs_hydration: true }] })
  const empty = elevenLabs.readEvents({ ...raw, body: bodyWith([]) }, options)
  expect(empty).toMatchObject({ events: [{ needs_hydration: false }] })
})

test('names of the platform’s own are dropped, and an agent that nobody declared is warned of', () => {
  const request = loadFixture('elevenlabs', 'pre-call').expect?.request
  const result = {
    run_id: 'r1',
    outcome: { type: 'continue' } as const,
    parameters: { system__time: 'now', name: 'Mira' },
  }
  const reply = elevenLabs.writePreCall(result, request as never, options)
  expect(reply).toMatchObject({
    body: { dynamic_variables: { name: 'Mira' } },
    dropped_parameters: ['system__time'],
    warnings: [expect.stringContaining('agent_variables')],
  })
})
