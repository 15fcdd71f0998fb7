import { describe, expect, test } from 'vitest'
import {
  advance,
  newConversation,
  type Conversation,
  type Effect,
  type Heard,
  type Manners,
} from './conversation.ts'

const manners: Manners = {
  targets: ['front desk'],
  rescue: null,
  excuse: 'Say that again, please.',
}

function hearAll(all: readonly Heard[], given: Manners = manners) {
  let state: Conversation = newConversation(given)
  const effects: Effect[] = []
  for (const heard of all) {
    const next = advance(state, heard)
    state = next.state
    effects.push(...next.effects)
  }
  return { state, effects }
}

const said = (text: string): Heard => ({ kind: 'said', text })
const words = (turn: number, ...texts: string[]): Heard[] =>
  texts.map((text) => ({ kind: 'text', turn, text }))
const call = (turn: number, name: string, input: object = {}): Heard => ({
  kind: 'call',
  turn,
  call: { id: `c${turn}`, name, input: input as never },
})
const finished = (turn: number): Heard => ({ kind: 'finished', turn })
const failed = (turn: number): Heard => ({ kind: 'failed', turn })
const kinds = (effects: readonly Effect[]) => effects.map(({ kind }) => kind)
const recorded = (effects: readonly Effect[]) =>
  effects.flatMap((effect) =>
    effect.kind === 'record' ? [`${effect.entry.role}: ${effect.entry.text}`] : [],
  )

describe('a conversation', () => {
  test('begins with the greeting, and asks no model for it', () => {
    const { effects, state } = hearAll([{ kind: 'began', greeting: 'Hi Ada.', agentFirst: true }])
    expect(effects).toMatchObject([
      { kind: 'speak', text: 'Hi Ada.', last: true },
      { kind: 'record', entry: { role: 'agent', text: 'Hi Ada.' } },
    ])
    expect(state.messages).toMatchObject([{ role: 'agent', text: 'Hi Ada.' }])
  })

  test('without a greeting begins with the model, or with the caller', () => {
    expect(kinds(hearAll([{ kind: 'began', greeting: null, agentFirst: true }]).effects)).toEqual([
      'ask',
    ])
    const waits = hearAll([{ kind: 'began', greeting: 'Hi', agentFirst: false }])
    expect(waits.effects).toEqual([])
  })

  test('says each of the model’s words as it comes, and records them once they are all said', () => {
    const { effects } = hearAll([said('Hello'), ...words(1, 'Good ', 'day.'), finished(1)])
    expect(kinds(effects)).toEqual(['record', 'ask', 'speak', 'speak', 'speak', 'record'])
    expect(recorded(effects)).toEqual(['user: Hello', 'agent: Good day.'])
  })

  test('cuts the agent where the caller interrupted (V1), and drops what comes late (V2)', () => {
    const { effects, state } = hearAll([
      said('Hello'),
      ...words(1, 'We are open ', 'from nine to five.'),
      { kind: 'interrupted', heard: 'We are open' },
      ...words(1, ' and on Sundays'),
      finished(1),
    ])
    expect(recorded(effects)).toEqual(['user: Hello', 'agent: We are open'])
    expect(kinds(effects)).toContain('stop')
    expect(state.messages.at(-1)).toMatchObject({ role: 'agent', text: 'We are open' })
  })

  test('amends what was said whole and heard in part (V1)', () => {
    const { effects, state } = hearAll([
      said('Hello'),
      ...words(1, 'We are open from nine.'),
      finished(1),
      { kind: 'interrupted', heard: 'We are' },
    ])
    expect(effects.at(-1)).toEqual({ kind: 'amend', text: 'We are' })
    expect(state.messages.at(-1)).toMatchObject({ text: 'We are' })
  })

  test('asks anew when the caller speaks before the answer is out', () => {
    const { effects, state } = hearAll([said('Hello'), said('Are you there?'), ...words(1, 'late')])
    expect(kinds(effects)).toEqual(['record', 'ask', 'stop', 'record', 'ask'])
    expect(state.turn).toMatchObject({ id: 2, text: '' })
  })

  test('waits for more keys, and takes a hash for the end', () => {
    const keys = (text: string): Heard[] =>
      text.split('').map((digit) => ({ kind: 'pressed', digit }) as const)
    expect(kinds(hearAll(keys('12')).effects)).toEqual(['await_digits', 'await_digits'])
    expect(recorded(hearAll([...keys('12'), { kind: 'digits_over' }]).effects)).toEqual([
      'user: [dtmf 12]',
    ])
    expect(recorded(hearAll(keys('12#')).effects)).toEqual(['user: [dtmf 12#]'])
    expect(hearAll([{ kind: 'pressed', digit: 'x' }]).effects).toEqual([])
  })
})

describe('a tool', () => {
  test('hangs up once the farewell was spoken', () => {
    const { effects } = hearAll([
      said('Bye'),
      ...words(1, 'Goodbye.'),
      call(1, 'end_call', { reason: 'done' }),
      finished(1),
      { kind: 'left' },
    ])
    expect(effects.slice(-2)).toEqual([
      { kind: 'leave', spoken: 'Goodbye.' },
      { kind: 'end', ending: { kind: 'done', reason: 'done' } },
    ])
  })

  test('does not hang up on a caller who goes on speaking (V3)', () => {
    const { effects, state } = hearAll([
      said('Bye'),
      ...words(1, 'Goodbye.'),
      call(1, 'end_call'),
      finished(1),
      said('Wait!'),
      { kind: 'left' },
    ])
    expect(kinds(effects)).not.toContain('end')
    expect(state).toMatchObject({ leaving: null, isOver: false, turn: { id: 2 } })
  })

  test('transfers to a name of the list, and never to a number (V4)', () => {
    const to = (target: string) =>
      hearAll([
        said('A person'),
        call(1, 'transfer_call', { target }),
        finished(1),
        { kind: 'left' },
      ])
    expect(to('front desk').effects.at(-1)).toMatchObject({
      kind: 'end',
      ending: { kind: 'transfer', target: 'front desk' },
    })
    const refused = to('+19005550123')
    expect(kinds(refused.effects)).not.toContain('end')
    expect(refused.state.messages.at(-1)).toMatchObject({ role: 'tool' })
    expect(refused.state.turn).toMatchObject({ id: 2, asked: 2 })
  })

  test('presses keys and goes on, but not for ever', () => {
    const all: Heard[] = [said('Dial on')]
    for (let turn = 1; turn <= 5; turn += 1) {
      all.push(call(turn, 'send_digits', { digits: '1w2' }), finished(turn))
    }
    const { effects, state } = hearAll(all)
    expect(effects.filter(({ kind }) => kind === 'press')).toHaveLength(4)
    expect(effects.filter(({ kind }) => kind === 'ask')).toHaveLength(4)
    expect(recorded(effects).at(-1)).toBe('agent: Say that again, please.')
    expect(state.turn).toBeNull()
  })
})

describe('a model that fails', () => {
  test('is asked once more, then excused aloud (V5)', () => {
    const { effects } = hearAll([said('Hello'), failed(1), failed(2)])
    expect(effects.filter(({ kind }) => kind === 'ask')).toHaveLength(2)
    expect(recorded(effects)).toEqual(['user: Hello', 'agent: Say that again, please.'])
  })

  test('and says nothing has failed as well', () => {
    expect(kinds(hearAll([said('Hello'), finished(1)]).effects)).toEqual(['record', 'ask', 'ask'])
  })

  test('in the middle of a sentence keeps what was said of it', () => {
    const { effects } = hearAll([said('Hello'), ...words(1, 'We are'), failed(1)])
    expect(recorded(effects)).toEqual([
      'user: Hello',
      'agent: We are',
      'agent: Say that again, please.',
    ])
  })

  test.each([
    [null, { kind: 'failed', reason: 'model_unavailable' }],
    ['front desk', { kind: 'transfer', target: 'front desk', reason: 'model_unavailable' }],
  ])('again and again ends the call, with %s to take it (V5)', (rescue, ending) => {
    const { effects } = hearAll(
      [said('One'), failed(1), failed(2), said('Two'), failed(3), { kind: 'left' }],
      { ...manners, rescue },
    )
    expect(effects.at(-1)).toEqual({ kind: 'end', ending })
  })
})

test('a conversation that is over hears nothing', () => {
  const { effects, state } = hearAll([
    said('Hello'),
    ...words(1, 'We'),
    { kind: 'hung_up' },
    said('Still?'),
    finished(1),
  ])
  expect(recorded(effects)).toEqual(['user: Hello', 'agent: We'])
  expect(state.isOver).toBe(true)
})

test('a long conversation is told to the model from a caller’s words on', () => {
  const all: Heard[] = []
  for (let turn = 1; turn <= 150; turn += 1) {
    all.push(said(`${turn}`), ...words(turn, 'Yes.'), finished(turn))
  }
  const { effects } = hearAll([...all, said('last')])
  const last = effects.findLast((effect) => effect.kind === 'ask')
  expect(last?.messages.length).toBeLessThanOrEqual(200)
  expect(last?.messages[0]?.role).toBe('user')
})
