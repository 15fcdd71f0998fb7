// What a kill at the worst moment costs: nothing that was acknowledged, and no effect twice. Each
// moment is a fact the test has seen, not a time.

import type { Trace } from '@bookend/contract'
import type { Client } from '@bookend/sdk/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADA, finished, hangUp, journeyOf, MARCUS, ring, say } from './testing/calls.ts'
import { openEndpoint } from './testing/endpoint.ts'
import { openPlace, type Place } from './testing/place.ts'
import { findMails, findTickets } from './testing/practice.ts'
import type { Running } from './testing/process.ts'
import { subscribe, type Subscriber } from './testing/subscriber.ts'
import { until } from './testing/until.ts'

const KILLED = { code: null, signal: 'SIGKILL' }

let place: Place
let demo: Running
let client: Client
let subscriber: Subscriber

beforeAll(async () => {
  place = await openPlace()
})
afterAll(async () => {
  await subscriber?.[Symbol.asyncDispose]()
  await place?.[Symbol.asyncDispose]()
})

const traceOf = (id: string): Promise<Trace> => client.call('getCallTrace', { params: { id } })

describe('killed while it starts for the first time', () => {
  test.each([
    ['the database is being made', /^bookend /],
    ['the schema is being made', /^database /],
    ['the key has just been shown', /^(key|workflows) /],
    ['the clinic is being set up', /practice (seeded|kept)/],
  ])('while %s, it goes on from there', async (_, fact) => {
    const starting = place.launch()
    await starting.line(fact)
    expect(await starting.end('SIGKILL')).toEqual(KILLED)
  })

  test('it starts at last, with one of everything and one key', async () => {
    demo = await place.start()
    client = await place.client()
    const { agents } = await client.call('listAgents', {})
    expect(agents.map(({ name }) => name).toSorted()).toEqual(['Front Desk', 'Urgent Nurse'])
    const { numbers } = await client.call('listNumbers', {})
    expect(numbers.map(({ agent_id }) => agent_id)).not.toContain(null)
    expect(numbers).toHaveLength(2)
    const { keys } = await client.call('listKeys', {})
    expect(keys).toHaveLength(1)
    subscriber = await subscribe(client)
  })
})

describe('killed in the middle of a call', () => {
  let id: string
  let before: Trace

  test('right after the answer, the call and its start are kept (F1, P2)', async () => {
    const { call, parameters } = await ring(client, ADA)
    expect(await demo.end('SIGKILL')).toEqual(KILLED)
    id = call.uuid

    demo = await place.start()
    expect(await client.call('getCall', { params: { id } })).toMatchObject({
      uuid: id,
      status: 'in_progress',
      params: parameters,
    })
    const { event } = await subscriber.delivery('call.started', id)
    const started = (await traceOf(id)).events.filter(
      ({ event_type }) => event_type === 'call.started',
    )
    expect(started.map(({ event_id }) => event_id)).toEqual([event.event_id])
  })

  test('right after the end was taken, the end is kept (F2, J1)', async () => {
    await say(client, id, 1, 'I need to move my appointment, please.')
    const { event_id } = await hangUp(client, id)
    expect(await demo.end('SIGKILL')).toEqual(KILLED)

    demo = await place.start()
    const { event } = await subscriber.delivery('call.completed', id)
    expect(event.event_id).toBe(event_id)
    expect(await client.call('getCall', { params: { id } })).toMatchObject({
      status: 'completed',
      transcripts: [{ sequence: 1, text: 'I need to move my appointment, please.' }],
    })
    // A sender that got no answer asks again, and is told that nothing is new.
    expect(await hangUp(client, id)).toMatchObject({ event_id, duplicate: true })
    // The next kill is to meet the next caller's journey, and not this one's mail on its way.
    expect(journeyOf(await finished(place, client, id), 'after-visit-call')).toMatchObject({
      status: 'completed',
    })
  })

  test('while its journey sleeps, the journey goes on and repeats nothing (F3)', async () => {
    const { call } = await ring(client, MARCUS)
    id = call.uuid
    await say(client, id, 1, 'This is about my bill. Please call me back.')
    await hangUp(client, id)
    before = await until(
      place,
      'the journey sleeps',
      () => traceOf(id),
      ({ journeys }) => journeys.some(({ status }) => status === 'waiting'),
    )
    expect(await demo.end('SIGKILL')).toEqual(KILLED)

    demo = await place.start()
    const [was, is] = [before, await finished(place, client, id)].map((trace) =>
      journeyOf(trace, 'after-visit-call'),
    )
    expect(is).toMatchObject({ id: was?.id, status: 'completed', error: null })
    const done = was?.steps.filter(({ status }) => status === 'ok') ?? []
    expect(done.map(({ name }) => name).toSorted()).toEqual([
      'activity',
      'facts',
      'patient',
      'ticket',
    ])
    const again = done.map(({ name }) => is?.steps.find((step) => step.name === name))
    expect(again).toEqual(done)
  })

  test('brings each mail and each ticket once', async () => {
    const mails = [
      ...(await findMails(place, 'marcus.bell@example.com')),
      ...(await findMails(place, 'ada.okafor@example.com')),
    ]
    expect(mails.map(({ times_received }) => times_received)).toEqual([1, 1])
    const [ticket, ...more] = await findTickets(place, id)
    expect(more).toEqual([])
    expect(ticket?.updated_at).toBe(ticket?.created_at)
  })

  test('a delivery that failed before is made after, under the same id', async () => {
    subscriber.answerWith(503)
    const { call } = await ring(client, ADA)
    await subscriber.delivery('call.started', call.uuid)
    expect(await demo.end('SIGKILL')).toEqual(KILLED)

    subscriber.answerWith(204)
    demo = await place.start()
    const trace = await until(
      place,
      'the delivery is made',
      () => traceOf(call.uuid),
      ({ deliveries }) => deliveries.some(({ status }) => status === 'delivered'),
    )
    const received = subscriber.of(call.uuid)
    expect(received.length).toBeGreaterThan(1)
    expect(new Set(received.map(({ id: eventId }) => eventId))).toEqual(
      new Set(trace.events.map(({ event_id }) => event_id)),
    )
    expect(subscriber.refused).toEqual([])
  })
})

describe('told to end while a call comes in', () => {
  test('it answers the call, takes no other, and is gone within ten seconds (F34)', async () => {
    await using endpoint = await openEndpoint()
    const number = '+15550100960'
    const agent = await client.call('createAgent', {
      body: {
        name: 'Slow',
        prompt: 'Serve {{customer_name}}.',
        pre_call_webhook_url: endpoint.url,
        pre_call_webhook_timeout: 8,
        pre_call_webhook_enabled: true,
      },
    })
    const { id } = await client.call('createNumber', { body: { number } })
    await client.call('assignAgent', { params: { id }, body: { agent_uuid: agent.id } })

    const [asked, answered] = [endpoint.asked(), ring(client, ADA, number)]
    const { answer } = await asked
    const askedToEndAtMs = performance.now()
    const ended = demo.end('SIGTERM')
    await demo.line(/^stopping/)
    answer({ parameters: { customer_name: 'Ada' } })

    const { call, parameters, pre_call } = await answered
    expect(pre_call.status).toBe('answered')
    expect(parameters).toEqual({ customer_name: 'Ada' })
    await expect(ring(client, ADA)).rejects.toThrow(/fetch failed|503/)
    expect(await ended).toEqual({ code: 0, signal: null })
    expect(performance.now() - askedToEndAtMs).toBeLessThan(10_000)

    demo = await place.start()
    expect(await client.call('getCall', { params: { id: call.uuid } })).toMatchObject({
      params: { customer_name: 'Ada' },
    })
  })
})
