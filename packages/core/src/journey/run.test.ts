import { describe, expect, test, vi } from 'vitest'
import type { JourneyContext } from './definition.ts'
import { RunTakenOverError } from './journal.ts'
import type { ActiveJourneyStep } from './race-attempt.ts'
import type { JourneyEnding, JourneyRuntime } from './run.ts'
import { execute, setUp } from './testing/execute.ts'

const never = (): Promise<never> => new Promise(() => undefined)

describe('a step', () => {
  test('that finished is not run again, also when chains reach it in another order (J3)', async () => {
    const { clock, run } = setUp()
    const done: string[] = []
    const body =
      (slow: string, last: () => unknown) =>
      async ({ step }: JourneyContext): Promise<void> => {
        const chain = async (side: string): Promise<void> => {
          for (const n of [1, 2]) {
            if (side === slow) await Promise.resolve()
            await step(`${side}${n}`, () => done.push(`${side}${n}`))
          }
        }
        await Promise.all([chain('left'), chain('right')])
        await step('last', last)
      }
    execute(clock, run, body('left', never))
    await clock.advance(0)
    const { ending } = execute(
      clock,
      run,
      body('right', () => done.push('last')),
    )
    await clock.advance(0)
    expect(await ending).toEqual({ kind: 'completed' })
    expect(done.toSorted()).toEqual(['last', 'left1', 'left2', 'right1', 'right2'])
  })

  test('yields the same value on its first execution and on every later one', async () => {
    const { clock, run } = setUp()
    const seen: unknown[] = []
    const body = async ({ step }: JourneyContext): Promise<void> => {
      seen.push(await step('at', () => new Date(0)))
      if (seen.length === 1) await step('hold', never)
    }
    execute(clock, run, body)
    await clock.advance(0)
    const { ending } = execute(clock, run, body)
    await clock.advance(0)
    await ending
    expect(seen).toEqual(['1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00.000Z'])
  })

  test('is tried again after its wait, which goes on over a restart', async () => {
    const { clock, run } = setUp()
    const attempts: number[] = []
    const body = async ({ step }: JourneyContext): Promise<void> => {
      await step('flaky', ({ attempt }) => {
        attempts.push(attempt)
        if (attempt < 3) throw new Error('not yet')
      })
    }
    const first = execute(clock, run, body)
    await clock.advance(1_500)
    expect(attempts).toEqual([1, 2])
    first.stop.abort()
    expect(await first.ending).toEqual({ kind: 'stopped' })
    await clock.advance(1_000)
    const second = execute(clock, run, body)
    await clock.advance(400)
    expect(attempts).toEqual([1, 2])
    await clock.advance(100)
    expect(await second.ending).toEqual({ kind: 'completed' })
    expect(attempts).toEqual([1, 2, 3])
    expect(run.steps.get('flaky')?.attempts.map(({ error }) => error)).toEqual([
      'not yet',
      'not yet',
      null,
    ])
  })

  test('that failed for good fails the run, unless the journey catches it', async () => {
    const { clock, run } = setUp()
    const once = { retry: { attempts: 1 } }
    const fail = (): never => {
      throw new Error('no')
    }
    const strict = execute(clock, run, async ({ step }) => await step('x', fail, once))
    await clock.advance(0)
    expect(await strict.ending).toEqual({
      kind: 'failed',
      error: 'Step "x" failed: no',
      step: 'x',
    })
    const messages: unknown[] = []
    const lenient = execute(clock, run, async ({ step }) => {
      await step('x', fail, once).catch((error: Error) => messages.push(error.message))
    })
    await clock.advance(0)
    expect(await lenient.ending).toEqual({ kind: 'completed' })
    expect(messages).toEqual(['Step "x" failed: no'])
  })

  test('is named as what failed the run, also when the journey threw because of it', async () => {
    const { clock, run } = setUp()
    const { ending } = execute(clock, run, async ({ step }) => {
      const once = { retry: { attempts: 1 } }
      await step('caught', () => Promise.reject(new Error('no')), once).catch(() => undefined)
      await step('x', () => Promise.reject(new Error('no')), once).catch((cause: unknown) => {
        throw new Error('the desk is away', { cause })
      })
    })
    await clock.advance(0)
    expect(await ending).toEqual({ kind: 'failed', error: 'the desk is away', step: 'x' })
  })

  test('that takes too long is told so, and sends nothing more (S3)', async () => {
    const { clock, run } = setUp()
    let active: ActiveJourneyStep | undefined
    const body = async ({ step }: JourneyContext): Promise<void> => {
      await step('slow', never, { timeout: '2s', retry: { attempts: 1 } })
    }
    const { ending } = execute(clock, run, body, {
      enter: (step, work) => {
        active = step
        return work()
      },
    })
    await clock.advance(1_999)
    expect(active?.signal.aborted).toBe(false)
    await clock.advance(1)
    expect(active?.signal.aborted).toBe(true)
    expect(await ending).toEqual({
      kind: 'failed',
      error: 'Step "slow" failed: took longer than 2000 ms',
      step: 'slow',
    })
    const late = { connection: 'a/b', action: 'c.d', class: 'key' } as const
    await expect(active?.beforeWrite(late)).rejects.toThrow('is over')
  })

  test('is counted before it runs, and its write before it is sent (S2, F24)', async () => {
    const { clock, run } = setUp()
    const write = { connection: 'smtp/main', action: 'mail.send', class: 'none' } as const
    const seen: unknown[] = []
    let active: ActiveJourneyStep | undefined
    const body = async ({ step }: JourneyContext): Promise<void> => {
      await step('mail', async () => {
        seen.push(run.steps.get('mail'))
        await active?.beforeWrite(write)
        seen.push(run.steps.get('mail'))
        await never()
      })
    }
    const enter: JourneyRuntime['enter'] = (step, work) => {
      active = step
      return work()
    }
    execute(clock, run, body, { enter })
    await clock.advance(0)
    expect(seen).toMatchObject([
      { status: 'running', attempts: [{ attempt: 1 }], writes: [] },
      { status: 'running', writes: [write] },
    ])
    const { ending } = execute(clock, run, body, { enter })
    await clock.advance(0)
    expect(await ending).toEqual({
      kind: 'failed',
      error: 'Step "mail" failed: maybe done: the process ended in it',
      step: 'mail',
    })
  })

  test('carries a key that is the same on every attempt', async () => {
    const { clock, run } = setUp()
    const keys: string[] = []
    const { ending } = execute(clock, run, async ({ step }) => {
      await step('x', ({ key, attempt }) => {
        keys.push(key)
        if (attempt === 1) throw new Error('again')
      })
    })
    await clock.advance(1_000)
    await ending
    expect(keys).toEqual(['run/x', 'run/x'])
  })
})

describe('the rules of the language', () => {
  test.each(['', 'a b', 'x'.repeat(65), 'ä'])('refuse the step name %j', async (name) => {
    const { clock, run } = setUp()
    const { ending } = execute(clock, run, async ({ step }) => await step(name, () => 1))
    await clock.advance(0)
    expect(await ending).toMatchObject({
      kind: 'failed',
      error: expect.stringContaining('not a step name'),
    })
  })

  test('refuse a name used twice, for steps and sleeps alike, even when it is caught', async () => {
    const { clock, run } = setUp()
    const { ending } = execute(clock, run, async ({ step, sleep }) => {
      await step('x', () => 1)
      await sleep('x', '1s').catch(() => undefined)
    })
    await clock.advance(0)
    expect(await ending).toMatchObject({ error: expect.stringContaining('"x" is used twice') })
  })

  test('end a run that waits for something that is no step (Z2)', async () => {
    const { clock, run } = setUp()
    const { ending } = execute(clock, run, never)
    await clock.advance(60_000)
    expect(await ending).toMatchObject({ error: expect.stringContaining('no step') })
  })
})

describe('a sleep', () => {
  test('lasts what it says, over a restart, and the run says that it waits (Z2)', async () => {
    const { clock, run } = setUp()
    const body = async ({ sleep }: JourneyContext): Promise<void> => await sleep('day', '1d')
    const first = execute(clock, run, body)
    await clock.advance(50_000)
    expect(run.status).toBe('waiting')
    first.stop.abort()
    expect(await first.ending).toEqual({ kind: 'stopped' })
    await clock.advance(79_950_000)
    const woken = vi.fn<(ending: JourneyEnding) => void>()
    const second = execute(clock, run, body)
    await clock.advance(60_000)
    expect(await second.ending).toMatchObject({ kind: 'parked', waitMs: 6_340_000 })
    await clock.advance(6_339_999)
    void execute(clock, run, body).ending.then(woken)
    await clock.advance(0)
    expect(woken).not.toHaveBeenCalled()
    await clock.advance(1)
    expect(woken).toHaveBeenCalledWith({ kind: 'completed' })
    expect(clock.pendingTimers).toBe(0)
  })

  test('of a minute is kept in memory, a long one is parked until a chain of it goes on', async () => {
    const { clock, run } = setUp()
    const body = async ({ step, sleep }: JourneyContext): Promise<void> => {
      await Promise.all([
        sleep('night', '8h'),
        sleep('short', '90s').then(() => step('after', () => 1)),
      ])
    }
    const first = execute(clock, run, body)
    await clock.advance(90_000)
    expect(run.steps.get('after')?.status).toBe('ok')
    await clock.advance(60_000)
    expect(await first.ending).toMatchObject({ kind: 'parked' })
    expect(clock.pendingTimers).toBe(0)
  })

  test('is parked at once when other runs wait for its place', async () => {
    const { clock, run } = setUp()
    const { ending } = execute(clock, run, async ({ sleep }) => await sleep('night', '8h'), {
      isPressed: () => true,
    })
    await clock.advance(2_000)
    expect(await ending).toMatchObject({ kind: 'parked' })
  })
})

describe('an execution', () => {
  test('that was taken over records nothing more, and its journey hears nothing (S4, F30)', async () => {
    const { clock, run } = setUp()
    const after = vi.fn<() => void>()
    let release: () => void = () => undefined
    const stalled = execute(clock, run, async ({ step }) => {
      await step('x', () => new Promise<void>((resolve) => (release = resolve))).finally(after)
    })
    await clock.advance(0)
    const other = execute(clock, run, async ({ step }) => await step('x', () => 'other'))
    await clock.advance(0)
    expect(await other.ending).toEqual({ kind: 'completed' })
    release()
    expect(await stalled.ending).toMatchObject({ error: expect.any(RunTakenOverError) })
    expect(after).not.toHaveBeenCalled()
    expect(run.steps.get('x')?.output).toBe('other')
  })

  test('that is told to stop lets running steps end, and starts none', async () => {
    const { clock, run } = setUp()
    let release: () => void = () => undefined
    const { ending, stop } = execute(clock, run, async ({ step }) => {
      await step('a', () => new Promise<void>((resolve) => (release = resolve)))
      await step('b', () => 1)
    })
    await clock.advance(0)
    stop.abort()
    release()
    expect(await ending).toEqual({ kind: 'stopped' })
    expect(run.steps.get('a')?.status).toBe('ok')
    expect(run.steps.has('b')).toBe(false)
    expect(clock.pendingTimers).toBe(0)
  })

  test('whose steps are told to end leaves them to the next, and counts that as no try', async () => {
    const { clock, run } = setUp()
    const body = async ({ step }: JourneyContext): Promise<void> => {
      await step(
        'x',
        ({ signal, attempt }) =>
          attempt > 1
            ? undefined
            : new Promise((_, reject) =>
                signal.addEventListener('abort', () => reject(signal.reason)),
              ),
        { retry: { attempts: 1 } },
      )
    }
    const first = execute(clock, run, body)
    await clock.advance(0)
    first.stop.abort()
    first.abort.abort()
    expect(await first.ending).toEqual({ kind: 'stopped' })
    expect(run.steps.get('x')?.attempts).toMatchObject([{ cut: 'stop' }])
    const second = execute(clock, run, body)
    await clock.advance(0)
    expect(await second.ending).toEqual({ kind: 'completed' })
  })

  test('completes only when the steps that nobody awaited are done', async () => {
    const { clock, run } = setUp()
    const { ending } = execute(clock, run, async ({ step }) => {
      void step('late', ({ attempt }) => {
        if (attempt === 1) throw new Error('again')
      })
    })
    await clock.advance(1_000)
    expect(await ending).toEqual({ kind: 'completed' })
    expect(run.steps.get('late')?.status).toBe('ok')
  })

  test('that failed gives up what waits, and records what runs (Z3)', async () => {
    const { clock, run } = setUp()
    let release: () => void = () => undefined
    const { ending } = execute(clock, run, async ({ step, sleep }) => {
      await Promise.all([
        sleep('long', '7d'),
        step('runs', () => new Promise<void>((resolve) => (release = resolve))),
        step('fails', () => Promise.reject(new Error('no')), { retry: { attempts: 1 } }),
      ])
    })
    await clock.advance(0)
    release()
    await clock.advance(0)
    expect(await ending).toMatchObject({ kind: 'failed', error: 'Step "fails" failed: no' })
    expect(run.steps.get('runs')?.status).toBe('ok')
    expect(clock.pendingTimers).toBe(0)
  })

  test('frees its slot, also when its journal breaks', async () => {
    const { clock, run } = setUp()
    let held = 0
    const slots = {
      take: async () => {
        held += 1
        return () => void (held -= 1)
      },
    }
    const { ending } = execute(clock, run, async ({ step }) => await step('x', () => run.open()), {
      slots,
    })
    await clock.advance(0)
    expect(await ending).toMatchObject({ kind: 'broken' })
    expect(held).toBe(0)
  })
})
