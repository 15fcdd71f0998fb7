import { describe, expect, test } from 'vitest'
import { ConnectionPausedError } from '../connection/connection-paused.ts'
import type { ActiveJourneyStep } from './race-attempt.ts'
import type { JourneyContext } from './definition.ts'
import { execute, setUp } from './testing/execute.ts'

/** A connection that people hold, or not. */
const desk = { isPaused: true, asked: 0 }
function ask(): void {
  if (desk.isPaused) throw new ConnectionPausedError('http/desk')
  desk.asked += 1
}

describe('a step that meets a paused connection', () => {
  test('waits for as long as need be and keeps all its tries (S5)', async () => {
    Object.assign(desk, { isPaused: true, asked: 0 })
    const { clock, run } = setUp()
    const body = async ({ step }: JourneyContext): Promise<void> => {
      await step('note', ask, { retry: { attempts: 1 } })
    }
    const first = execute(clock, run, body)
    await clock.advance(120_000)
    expect(await first.ending).toMatchObject({ kind: 'parked', isRetrying: false })
    expect(run.steps.get('note')).toMatchObject({ status: 'waiting', attempts: [] })
    const second = execute(clock, run, body)
    await clock.advance(120_000)
    expect(await second.ending).toMatchObject({ kind: 'parked' })
    desk.isPaused = false
    const third = execute(clock, run, body)
    await clock.advance(0)
    expect(await third.ending).toEqual({ kind: 'completed' })
    expect(run.steps.get('note')?.attempts).toHaveLength(1)
  })

  test('goes on at once when it is woken', async () => {
    Object.assign(desk, { isPaused: true, asked: 0 })
    const { clock, run } = setUp()
    const listen = (listener: () => void) => run.listen(listener)
    const body = ({ step }: JourneyContext) => step('note', ask)
    const { ending } = execute(clock, run, body, { listen })
    await clock.advance(500)
    desk.isPaused = false
    run.accept({ type: 'anything.else' })
    await clock.advance(0)
    expect(await ending).toEqual({ kind: 'completed' })
  })

  test('is not begun again when it sent something before that nobody would recognise', async () => {
    Object.assign(desk, { isPaused: true, asked: 0 })
    const { clock, run } = setUp()
    let active: ActiveJourneyStep | undefined
    const write = { connection: 'smtp/main', action: 'mail.send', class: 'none' } as const
    const body = ({ step }: JourneyContext) =>
      step('note', async () => {
        await active?.beforeWrite(write)
        ask()
      })
    const { ending } = execute(clock, run, body, {
      enter: (step, work) => {
        active = step
        return work()
      },
    })
    await clock.advance(0)
    expect(await ending).toMatchObject({ error: expect.stringContaining('maybe done') })
  })
})
