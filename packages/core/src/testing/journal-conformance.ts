// What every journal of runs must hold; each implementation runs this suite.

import { beforeEach, describe, expect, test } from 'vitest'
import type { JsonObject } from '@bookend/contract'
import type { JourneyJournal, StepOutcome } from '../journey/journal.ts'
import { RunTakenOverError } from '../journey/journal.ts'

export interface JournalUnderTest {
  /** A new execution of the same run. */
  open(): Promise<JourneyJournal>
  /** Stores an event of the run's workspace, later than those before. */
  accept(type: string, payload: JsonObject): Promise<void>
  /** Answers the run's handoff of this name; false when it is not open. */
  answer(name: string, answer: JsonObject): Promise<boolean>
  /** Has a system tell that the effect of this key was done. */
  receive(key: string): Promise<void>
  /** What the run has emitted, by type. */
  emitted(): Promise<readonly string[]>
  /** The tags of the run's call. */
  tags(): Promise<readonly string[]>
}

const place = { name: 'x', position: 1 }
const attempt = { attempt: 1, started_at: '2026-03-02T15:04:05.000Z', duration_ms: 0, error: null }
const write = { connection: 'smtp/main', action: 'mail.send', class: 'none' } as const
const use = { connection: 'smtp/main', action: 'mail.send', input: { to: 'a' }, phases: null }

/** @param prepare A fresh, empty run. */
export function journalConformance(name: string, prepare: () => Promise<JournalUnderTest>): void {
  describe(`${name} as a journal`, () => {
    let run: JournalUnderTest
    let journal: JourneyJournal

    beforeEach(async () => {
      run = await prepare()
      journal = await run.open()
    })

    const begin = (on = journal) => on.begin({ ...place, limitMs: 1_000 }, [attempt])
    const read = async () => (await journal.read()).find((step) => step.name === 'x')

    test('is empty at first', async () => {
      expect(await journal.read()).toEqual([])
    })

    test('tells of an attempt that began, and of the writes it announced', async () => {
      await begin()
      await journal.announce('x', [write])
      expect(await read()).toMatchObject({
        kind: 'step',
        status: 'running',
        attempts: [attempt],
        writes: [write],
        waitMs: null,
      })
      await begin()
      expect(await read()).toMatchObject({ writes: [] })
    })

    test('keeps the first outcome, and gives it to whoever comes later (F30)', async () => {
      await begin()
      const ok: StepOutcome = { status: 'ok', output: { n: [1, null] } }
      expect(await journal.finish(place, ok, [attempt], use)).toEqual(ok)
      const other = { status: 'failed', error: 'late' } as const
      expect(await journal.finish(place, other, [attempt], null)).toEqual(ok)
      await begin()
      await journal.postpone('x', [], 1_000)
      expect(await read()).toMatchObject({ status: 'ok', output: { n: [1, null] }, waitMs: null })
    })

    test.each([null, 'text', 0, false, []])('gives back %j as it was', async (output) => {
      await begin()
      await journal.finish(place, { status: 'ok', output }, [attempt], null)
      expect(await read()).toMatchObject({ status: 'ok', output })
    })

    test('keeps a failure with its words', async () => {
      await begin()
      const failed = { status: 'failed', error: 'no' } as const
      expect(await journal.finish(place, failed, [attempt], use)).toEqual(failed)
      expect(await read()).toMatchObject({ status: 'failed', error: 'no' })
    })

    test('counts down the wait before the next attempt', async () => {
      await begin()
      await journal.postpone('x', [{ ...attempt, error: 'reset' }], 60_000)
      const step = await read()
      expect(step).toMatchObject({ status: 'waiting', attempts: [{ error: 'reset' }] })
      expect(step?.waitMs).toBeGreaterThan(50_000)
      expect(step?.waitMs).toBeLessThanOrEqual(60_000)
    })

    test('holds a step for a connection, with no moment at which it goes on', async () => {
      await begin()
      await journal.hold('x', [], 'crm/main')
      expect(await read()).toMatchObject({ status: 'waiting', attempts: [], waitMs: null })
      await begin()
      await journal.finish(place, { status: 'ok', output: 1 }, [attempt], null)
      await journal.hold('x', [], 'crm/main')
      expect(await read()).toMatchObject({ status: 'ok', attempts: [attempt] })
    })

    describe('of a step that is unsure', () => {
      const told = { ...write, key: crypto.randomUUID(), isReceipted: true } as const
      const second = { ...told, key: crypto.randomUUID() }
      const store = { ...write, class: 'natural' as const, key: 'third' }

      test('ends it as done once there is a receipt of each write that needs one', async () => {
        await begin()
        await journal.announce('x', [store, told, second])
        expect(await journal.confirm(place, null)).toBeNull()
        await run.receive(told.key)
        await run.receive('fourth')
        expect(await journal.confirm(place, null)).toBeNull()
        await run.receive(second.key)
        const done = { status: 'ok', output: null }
        expect(await journal.confirm(place, null)).toEqual(done)
        expect(await journal.confirm(place, 'late')).toEqual(done)
        expect(await read()).toMatchObject({ ...done, waitMs: null })
      })

      test('ends it as failed once that is asked, unless it was done', async () => {
        await begin()
        await journal.announce('x', [{ ...told, key: crypto.randomUUID() }])
        const failed = { status: 'failed', error: 'maybe done: cut' }
        expect(await journal.confirm(place, 'maybe done: cut')).toEqual(failed)
        expect(await journal.confirm(place, 'other')).toEqual(failed)
        expect(await read()).toMatchObject(failed)
      })

      test('takes no receipt for a write that nobody tells of', async () => {
        const other = { ...told, key: crypto.randomUUID() }
        await begin()
        await journal.announce('x', [{ ...write, key: 'untold' }, other])
        await run.receive(other.key)
        expect(await journal.confirm(place, null)).toBeNull()
      })
    })

    test('schedules a call once', async () => {
      const call = { to: '+15550100001', agent: 'front', at: null, inMs: 60_000 }
      const spec = { ...call, calendar: null, params: { a: 1 }, reason: null }
      const first = await journal.callLater(place, spec)
      expect(first).toMatchObject({ status: 'ok', output: { id: expect.any(String) } })
      expect(await journal.callLater(place, spec)).toEqual(first)
      expect(await read()).toMatchObject({ kind: 'step', ...first })
    })

    test('begins a sleep once, and wakes from it once', async () => {
      expect(await journal.sleep(place, 60_000)).toBeGreaterThan(50_000)
      expect(await journal.sleep(place, 3_600_000)).toBeLessThanOrEqual(60_000)
      expect(await read()).toMatchObject({ kind: 'sleep', status: 'waiting' })
      await journal.wake('x')
      await journal.wake('x')
      expect(await read()).toMatchObject({ kind: 'sleep', status: 'ok', waitMs: null })
    })

    const wait = { eventType: 'sms.received', where: { from: 'a' }, limitMs: 60_000 }
    const candidates = async () =>
      (await journal.candidates('reply', null)).map(({ payload }) => payload)
    const reply = { name: 'reply', position: 2 }

    test('begins a wait once, and knows what came for it since', async () => {
      expect((await journal.wait(reply, wait)).leftMs).toBeGreaterThan(50_000)
      const again = await journal.wait(reply, { ...wait, limitMs: 3_600_000 })
      expect(again.leftMs).toBeLessThanOrEqual(60_000)
      expect(await candidates()).toEqual([])
      await run.accept('sms.received', { from: 'a', n: 1 })
      await run.accept('sms.received', { from: 'b', n: 2 })
      await run.accept('mail.received', { from: 'a', n: 3 })
      await run.accept('sms.received', { from: 'a', n: 4 })
      const found = await journal.candidates('reply', null)
      expect(found.map(({ payload }) => payload)).toEqual([
        { from: 'a', n: 1 },
        { from: 'a', n: 4 },
      ])
      const rest = await journal.candidates('reply', found[0] ?? null)
      expect(rest.map(({ payload }) => payload['n'])).toEqual([4])
      expect(await journal.read()).toMatchObject([{ kind: 'wait', status: 'waiting' }])
    })

    test('counts for a wait what came while the step before it ran', async () => {
      await begin()
      await run.accept('sms.received', { from: 'a', n: 1 })
      await journal.finish(place, { status: 'ok', output: 1 }, [attempt], null)
      await journal.wait(reply, wait)
      expect(await candidates()).toEqual([{ from: 'a', n: 1 }])
    })

    test('keeps the first outcome of a wait, and no candidate counts for it afterwards', async () => {
      await journal.wait(reply, wait)
      const ok: StepOutcome = { status: 'ok', output: { n: 1 } }
      expect(await journal.finish(reply, ok, [], null)).toEqual(ok)
      const late: StepOutcome = { status: 'ok', output: null }
      expect(await journal.finish(reply, late, [], null)).toEqual(ok)
      expect(await journal.read()).toMatchObject([{ status: 'ok', output: { n: 1 } }])
    })

    const ask = { name: 'ask', position: 3 }
    const form = { type: 'object', properties: { ok: { type: 'boolean' } } }
    const handoff = { title: 'Call back?', assign: 'team:a', form, limitMs: 60_000 }

    test('opens a handoff once, and yields its first answer', async () => {
      const opened = await journal.handoff(ask, handoff)
      expect(opened).toMatchObject({ result: null })
      expect(opened.leftMs).toBeGreaterThan(50_000)
      expect(await run.answer('ask', { ok: true })).toBe(true)
      expect(await run.answer('ask', { ok: false })).toBe(false)
      expect(await journal.handoff(ask, handoff)).toMatchObject({
        result: { status: 'answered', answer: { ok: true }, answered_by: expect.any(String) },
      })
      expect(await journal.read()).toMatchObject([{ kind: 'human', status: 'waiting' }])
    })

    test('ends a handoff that nobody answered in time, for good', async () => {
      const { result } = await journal.handoff(ask, { ...handoff, limitMs: 0 })
      expect(result).toEqual({ status: 'expired' })
      expect(await run.answer('ask', { ok: true })).toBe(false)
      expect(await journal.handoff(ask, handoff)).toMatchObject({ result: { status: 'expired' } })
    })

    test('stores an event that is emitted once, however often that is asked', async () => {
      const event = { type: 'visit.done', payload: { n: 1 } }
      const first = await journal.emit(place, event)
      expect(first).toMatchObject({ status: 'ok', output: expect.any(String) })
      expect(await journal.emit(place, event)).toEqual(first)
      expect(await run.emitted()).toEqual(['visit.done'])
      expect(await read()).toMatchObject({ kind: 'step', status: 'ok' })
    })

    test('tags its call once, however often that is asked', async () => {
      const done = { status: 'ok', output: null }
      expect(await journal.tag(place, 'urgent')).toEqual(done)
      expect(await journal.tag(place, 'urgent')).toEqual(done)
      expect(await run.tags()).toEqual(['urgent'])
      expect(await read()).toMatchObject({ kind: 'step', status: 'ok' })
    })

    test('refuses every record of an execution that was taken over (F30)', async () => {
      await begin()
      const other = await run.open()
      const late = [
        () => begin(),
        () => journal.announce('x', [write]),
        () => journal.postpone('x', [], 1),
        () => journal.finish(place, { status: 'ok', output: 1 }, [], null),
        () => journal.sleep({ name: 'y', position: 2 }, 1),
        () => journal.wake('x'),
        () => journal.setStatus('waiting'),
        () => journal.wait(reply, wait),
        () => journal.handoff(ask, handoff),
        () => journal.emit({ name: 'z', position: 9 }, { type: 'visit.done', payload: {} }),
        () => journal.tag({ name: 'z', position: 9 }, 'urgent'),
        () => journal.check(),
      ]
      for (const record of late) await expect(record()).rejects.toThrow(RunTakenOverError)
      expect(await other.read()).toMatchObject([{ name: 'x', status: 'running', writes: [] }])
      await begin(other)
    })
  })
}
