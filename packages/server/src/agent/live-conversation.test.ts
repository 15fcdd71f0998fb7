import { fakeClock } from '@bookend/core/testing'
import { describe, expect, test } from 'vitest'
import type { Ending, Entry } from './conversation.ts'
import { LiveConversation } from './live-conversation.ts'
import type { ModelPart, SpeakingModel } from './speaking-model.ts'

/** Says what is pushed to it. */
function pushedModel() {
  const asks: { push(part: ModelPart): void; signal: AbortSignal }[] = []
  const model: SpeakingModel = {
    async *stream(_ask, signal) {
      const parts: ModelPart[] = []
      let wake = (): void => undefined
      asks.push({
        signal,
        push(part) {
          parts.push(part)
          wake()
        },
      })
      for (;;) {
        const part = parts.shift()
        if (part !== undefined) yield part
        else await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
  return { model, asks }
}

function scene() {
  const clock = fakeClock()
  const { model, asks } = pushedModel()
  const spoken: string[] = []
  const entries: Entry[] = []
  const endings: Ending[] = []
  const faults: string[] = []
  const conversation = new LiveConversation({
    model,
    clock,
    system: '',
    manners: { targets: [], rescue: null, excuse: 'Again, please.' },
    onFault: (detail) => void faults.push(detail),
    voice: {
      speak: (text) => void spoken.push(text),
      press: (digits) => void spoken.push(`[${digits}]`),
      record: (entry) => void entries.push(entry),
      amend: () => undefined,
      end: (ending) => void endings.push(ending),
      speechMs: () => 2_000,
    },
  })
  return { clock, asks, spoken, entries, endings, faults, conversation }
}
const text = (words: string): ModelPart => ({ kind: 'text', text: words })

describe('a conversation that is carried on', () => {
  test('hands each word to the voice before the next comes (L1)', async () => {
    const { clock, asks, spoken, conversation } = scene()
    conversation.hear({ kind: 'said', text: 'Hello' })
    await clock.advance(0)
    asks[0]?.push(text('Good '))
    await clock.advance(0)
    expect(spoken).toEqual(['Good '])
    asks[0]?.push(text('day.'))
    asks[0]?.push({ kind: 'finished' })
    await clock.advance(0)
    expect(spoken).toEqual(['Good ', 'day.', ''])
    await conversation.settled()
    expect(clock.pendingTimers).toBe(0)
  })

  test('lets go of the model when the caller speaks', async () => {
    const { clock, asks, conversation } = scene()
    conversation.hear({ kind: 'said', text: 'Hello' })
    await clock.advance(0)
    conversation.hear({ kind: 'said', text: 'And?' })
    await clock.advance(0)
    expect(asks.map(({ signal }) => signal.aborted)).toEqual([true, false])
  })

  test('does not wait for ever for a first word (L2)', async () => {
    const { clock, asks, entries, faults, conversation } = scene()
    conversation.hear({ kind: 'said', text: 'Hello' })
    await clock.advance(15_000)
    await clock.advance(15_000)
    expect(faults).toEqual(['timeout', 'timeout'])
    expect(asks.every(({ signal }) => signal.aborted)).toBe(true)
    expect(entries.at(-1)).toMatchObject({ role: 'agent', text: 'Again, please.' })
    expect(clock.pendingTimers).toBe(0)
  })

  test('does not wait for ever for the next one either (L2)', async () => {
    const { clock, asks, entries, conversation } = scene()
    conversation.hear({ kind: 'said', text: 'Hello' })
    await clock.advance(0)
    asks[0]?.push(text('We are '))
    await clock.advance(14_999)
    expect(asks[0]?.signal.aborted).toBe(false)
    await clock.advance(1)
    expect(entries.map((entry) => entry.text)).toEqual(['Hello', 'We are ', 'Again, please.'])
  })

  test('hangs up when the farewell is spoken, and asks nobody any more (L3)', async () => {
    const { clock, asks, endings, conversation } = scene()
    conversation.hear({ kind: 'said', text: 'Bye' })
    await clock.advance(0)
    asks[0]?.push(text('Goodbye.'))
    asks[0]?.push({ kind: 'call', id: 'c', name: 'end_call', input: {} })
    asks[0]?.push({ kind: 'finished' })
    await clock.advance(1_999)
    expect(endings).toEqual([])
    await clock.advance(1)
    expect(endings).toEqual([{ kind: 'done', reason: '' }])
    conversation.hear({ kind: 'said', text: 'Hello?' })
    expect(asks).toHaveLength(1)
    expect(conversation.isOver).toBe(true)
  })

  test('takes keys together that come together', async () => {
    const { clock, entries, conversation } = scene()
    for (const digit of '42') conversation.hear({ kind: 'pressed', digit })
    await clock.advance(1_500)
    expect(entries).toMatchObject([{ role: 'user', text: '[dtmf 42]' }])
  })
})
