// The journeys of `engine-host.ts`, whose process dies in the middle of them. A step that says
// `hold` waits for ever the first time it is tried, so that a test can end the process in it.

import { setTimeout as pause } from 'node:timers/promises'
import type { JourneyWorkflow } from '@bookend/core'
import type { Effects } from './journeys.ts'
import { journeyOn } from './journeys.ts'

export interface HostOptions {
  readonly databaseUrl: string
  /** The versions this process knows, the last one active. */
  readonly versions: readonly string[]
  /** Which of two parallel chains is slower between its steps. */
  readonly slow: 'left' | 'right'
}

interface Mail {
  send(): Promise<void>
}

const never = new Promise<never>(() => undefined)

export function hostJourneys(
  { versions, slow }: Pick<HostOptions, 'versions' | 'slow'>,
  effects: Pick<Effects, 'note'>,
  say: (line: string) => void,
): { version: string; definition: JourneyWorkflow }[] {
  const hold = async (attempt: number, name: string): Promise<void> => {
    if (attempt > 1) return
    say(`in ${name}`)
    await never
  }
  const of = (version: string): JourneyWorkflow[] => [
    journeyOn('test.steps', 'steps', async ({ runId, step }) => {
      await step('a', () => effects.note(runId, 'a'))
      await step('b', () => effects.note(runId, 'b'))
      await step('c', async ({ attempt }) => {
        await hold(attempt, 'c')
        await effects.note(runId, 'c')
      })
      await step('d', () => effects.note(runId, 'd'))
    }),
    journeyOn('test.chains', 'chains', async ({ runId, step }) => {
      const chain = async (side: 'left' | 'right'): Promise<void> => {
        for (const n of [1, 2, 3]) {
          if (side === slow) await pause(30)
          await step(`${side}-${n}`, () => effects.note(runId, `${side}-${n}`))
        }
      }
      await Promise.all([chain('left'), chain('right')])
      await step('hold', ({ attempt }) => hold(attempt, 'hold'))
    }),
    journeyOn('test.abort', 'aborts', async ({ step }) => {
      await step('fatal', ({ attempt }) => {
        say(`fatal ${attempt}`)
        process.abort()
      })
    }),
    journeyOn('test.sleep', 'sleeper', async ({ runId, step, sleep }) => {
      await step('before', () => effects.note(runId, 'before'))
      say('asleep')
      await sleep('night', '2s')
      await step('after', () => effects.note(runId, `after in ${version}`))
    }),
    journeyOn('test.wait', 'waiter', async ({ runId, step, waitFor }) => {
      await step('before', () => effects.note(runId, 'before'))
      say('about to wait')
      const reply = await waitFor('reply', 'test.reply', { within: '1h' })
      await step('after', () => effects.note(runId, `heard ${reply?.['word'] as string}`))
    }),
    journeyOn('test.mail', 'mails', async ({ step, connections }) => {
      const mail = connections['mail'] as Mail
      await step('mail', () => mail.send())
    }),
  ]
  return versions.flatMap((version) => of(version).map((definition) => ({ version, definition })))
}
