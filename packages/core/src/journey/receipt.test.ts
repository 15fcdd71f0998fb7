import { describe, expect, test } from 'vitest'
import { ConnectorFault } from '../ports/verdict.ts'
import type { JourneyStepOptions } from './definition.ts'
import type { StepWrite } from './journal.ts'
import type { ActiveJourneyStep } from './race-attempt.ts'
import { execute, setUp } from './testing/execute.ts'

const told = { connection: 'twilio/main', action: 'sms.send', class: 'none' } as const
const receipted: StepWrite = { ...told, key: 'bk_1', isReceipted: true }
const lost = new ConnectorFault({ kind: 'unknown', detail: 'timeout' })
const MAYBE_DONE = 'maybe done: Nobody can tell whether it was done: timeout'
const HOUR_MS = 3_600_000

/** A run of one step that announces a write and then, each time, ends with the next of these. */
function scene(write: StepWrite, endings: readonly unknown[], options: JourneyStepOptions = {}) {
  const { clock, run } = setUp()
  let sent = 0
  const start = (isPressed = false) => {
    let active: ActiveJourneyStep | undefined
    return execute(
      clock,
      run,
      async ({ step }) => {
        await step(
          'sms',
          async () => {
            await active?.beforeWrite(write)
            sent += 1
            const ending = endings[sent - 1]
            if (ending instanceof Error) throw ending
            if (ending === 'hang') await new Promise(() => undefined)
            return ending
          },
          options,
        )
      },
      {
        enter: (step, work) => {
          active = step
          return work()
        },
        listen: (listener) => run.listen(listener),
        isPressed: () => isPressed,
      },
    )
  }
  return { clock, run, start, step: () => run.steps.get('sms'), sent: () => sent }
}

describe('a step that may have been done', () => {
  test('is done when the receipt of it comes, and is sent once', async () => {
    const { clock, run, start, step, sent } = scene(receipted, [lost])
    const { ending } = start()
    await clock.advance(20_000)
    expect(step()).toMatchObject({ status: 'waiting' })
    run.receive('bk_1')
    await clock.advance(0)
    expect(await ending).toEqual({ kind: 'completed' })
    expect(step()).toMatchObject({ status: 'ok', output: null })
    expect(sent()).toBe(1)
  })

  test('is done at once when the receipt was quicker than its end', async () => {
    const { clock, run, start } = scene(receipted, ['hang'], { timeout: '5s' })
    const { ending } = start()
    await clock.advance(1_000)
    run.receive('bk_1')
    await clock.advance(4_000)
    expect(await ending).toEqual({ kind: 'completed' })
  })

  test('is parked after two minutes without one', async () => {
    const { clock, start, step, sent } = scene(receipted, [lost])
    const first = start(true)
    await clock.advance(60_000)
    expect(await first.ending).toMatchObject({ kind: 'parked' })
    expect(step()).toMatchObject({ status: 'waiting' })
    const second = start()
    await clock.advance(59_999)
    expect(step()).toMatchObject({ status: 'waiting' })
    await clock.advance(1)
    expect(await second.ending).toMatchObject({ kind: 'failed', step: 'sms' })
    expect(step()).toMatchObject({ status: 'failed', error: MAYBE_DONE })
    expect(sent()).toBe(1)
  })

  test('waits in the next process as well, and sends nothing there (S6)', async () => {
    const { clock, run, start, step, sent } = scene(receipted, ['hang'])
    void start()
    await clock.advance(1_000)
    const { ending } = start()
    await clock.advance(1_000)
    expect(step()).toMatchObject({ status: 'waiting', attempts: [{ cut: 'crash', unsure: true }] })
    run.receive('bk_1')
    await clock.advance(0)
    expect(await ending).toEqual({ kind: 'completed' })
    expect(sent()).toBe(1)
  })

  test('is parked at once when nothing tells of it', async () => {
    const { clock, start, step } = scene({ ...told, key: 'bk_1' }, [lost])
    const { ending } = start()
    await clock.advance(0)
    expect(await ending).toMatchObject({ kind: 'failed' })
    expect(step()).toMatchObject({ status: 'failed', error: MAYBE_DONE })
  })
})

test('a mark that a process left as it ended is looked for when it can be seen', async () => {
  const marked: StepWrite = { connection: 'hubspot/main', action: 'note.create', class: 'marker' }
  const { clock, start, sent } = scene(marked, ['hang', 'found'])
  void start()
  await clock.advance(1_000)
  const { ending } = start()
  await clock.advance(9_999)
  expect(sent()).toBe(1)
  await clock.advance(1)
  expect(await ending).toEqual({ kind: 'completed' })
  expect(sent()).toBe(2)
})

describe('a key that the other system keeps for a day (R5)', () => {
  const keyed: StepWrite = {
    connection: 'resend/main',
    action: 'email.send',
    class: 'key',
    key: 'bk_2',
    keptMs: 24 * HOUR_MS,
  }
  const away = new ConnectorFault({
    kind: 'limited',
    detail: 'http_429',
    until: new Date(setUp().clock.now().getTime() + 25 * HOUR_MS),
  })
  const unsent = new ConnectorFault({ kind: 'retry', detail: 'refused' })

  const after = async (endings: readonly unknown[], options: JourneyStepOptions = {}) => {
    const made = scene(keyed, endings, options)
    const first = made.start(true)
    await made.clock.advance(5_000)
    expect(await first.ending).toMatchObject({ kind: 'parked' })
    await made.clock.advance(25 * HOUR_MS)
    const { ending } = made.start()
    await made.clock.advance(0)
    return { ...made, ending: await ending }
  }

  test('makes a repeat within it harmless', async () => {
    const { clock, start, sent } = scene(keyed, [lost, 'sent'])
    const { ending } = start()
    await clock.advance(1_000)
    expect(await ending).toEqual({ kind: 'completed' })
    expect(sent()).toBe(2)
  })

  test('parks what may have been sent under it a day ago, whatever followed', async () => {
    const { step, sent } = await after([lost, away])
    expect(step()).toMatchObject({
      status: 'failed',
      error: expect.stringMatching(/^maybe done: .*no longer knows it by its key$/),
    })
    expect(sent()).toBe(2)
  })

  test('does not stand in the way of what was surely never sent', async () => {
    const { ending, sent } = await after([unsent, away, 'sent'])
    expect(ending).toEqual({ kind: 'completed' })
    expect(sent()).toBe(3)
  })

  test('is what the author said of the unknown, when it is forgotten', async () => {
    const again = await after([lost, away, 'sent'], { unknown: 'retry' })
    expect([again.ending, again.sent()]).toEqual([{ kind: 'completed' }, 3])
    const assumed = await after([lost, away], { unknown: 'assume_done' })
    expect([assumed.ending, assumed.sent()]).toEqual([{ kind: 'completed' }, 2])
    expect(assumed.step()).toMatchObject({ status: 'ok', output: null })
  })
})
