import type { TalkEvent } from '@bookend/contract'
import { describe, expect, test } from 'vitest'
import { ask, begin, hear, settle } from './conversation.ts'

const token = (text: string): TalkEvent => ({ event: 'token', data: { text } })
const entry = (sequence: number, role: 'agent' | 'user' | 'tool', text: string): TalkEvent => ({
  event: 'entry',
  data: {
    sequence,
    role,
    text,
    function_name: role === 'tool' ? 'end_call' : null,
    arguments: null,
  },
})
const done: TalkEvent = { event: 'done', data: {} }
const play = (...events: TalkEvent[]) => events.reduce(hear, ask(begin('Hello.')))

describe('a call in writing', () => {
  test('grows by each word, and keeps the line once it is whole (T1)', () => {
    const said = entry(2, 'user', 'Hi')
    expect(play(said, token('We '), token('are'))).toMatchObject({ growing: 'We are' })
    const whole = play(said, token('We '), token('are'), entry(3, 'agent', 'We are'), done)
    expect(whole.lines.map(({ text }) => text)).toEqual(['Hello.', 'Hi', 'We are'])
    expect(whole).toMatchObject({ growing: null, isAnswering: false, fault: null })
  })

  test('says how the agent ended it', () => {
    const end = (
      kind: 'done' | 'transfer' | 'failed',
      target: string | null = null,
    ): TalkEvent => ({
      event: 'ended',
      data: { kind, reason: '', target },
    })
    expect(play(end('done')).ended).toBe('The agent hung up.')
    expect(play(end('transfer', 'front desk')).ended).toBe('The agent gave the call to front desk.')
    expect(play(end('failed')).ended).toMatch(/gave up/)
  })

  test('that breaks off says so; one that is done does not', () => {
    expect(settle(play(token('We')))).toMatchObject({
      growing: null,
      fault: expect.stringContaining('broke off') as string,
    })
    expect(settle(play(done)).fault).toBeNull()
  })
})
