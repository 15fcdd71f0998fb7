// What every journal of runs must hold; each implementation runs this suite.

import { beforeEach, describe, expect, test } from 'vitest'
import type { JourneyJournal, StepOutcome } from '../journey/journal.ts'
import { RunTakenOverError } from '../journey/journal.ts'

export interface JournalUnderTest {
  /** A new execution of the same run. */
  open(): Promise<JourneyJournal>
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

    test('begins a sleep once, and wakes from it once', async () => {
      expect(await journal.sleep(place, 60_000)).toBeGreaterThan(50_000)
      expect(await journal.sleep(place, 3_600_000)).toBeLessThanOrEqual(60_000)
      expect(await read()).toMatchObject({ kind: 'sleep', status: 'waiting' })
      await journal.wake('x')
      await journal.wake('x')
      expect(await read()).toMatchObject({ kind: 'sleep', status: 'ok', waitMs: null })
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
      ]
      for (const record of late) await expect(record()).rejects.toThrow(RunTakenOverError)
      expect(await other.read()).toMatchObject([{ name: 'x', status: 'running', writes: [] }])
      await begin(other)
    })
  })
}
