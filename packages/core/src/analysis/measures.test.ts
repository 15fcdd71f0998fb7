import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { interruptions, longestMonologue, responseLatency, silence, talkRatio } from './measures.ts'
import { spokenCall, type Line } from './testing/spoken-call.ts'
import { timed, utterancesOf, type TimedUtterance, type Utterance } from './utterances.ts'

const said = (lines: readonly Line[], seconds = 600): readonly Utterance[] =>
  utterancesOf(spokenCall(lines, seconds))
const saidInTime = (lines: readonly Line[], seconds = 600): readonly TimedUtterance[] =>
  timed(said(lines, seconds)) ?? []
const words = (count: number): string => Array.from({ length: count }, () => 'word').join(' ')

describe('the talk of a call', () => {
  test('is shared by words', () =>
    expect(
      talkRatio(
        said([
          ['agent', words(30)],
          ['user', words(10)],
        ]),
      ),
    ).toEqual({
      agent: 0.75,
      user: 0.25,
      agent_words: 30,
      user_words: 10,
    }))

  test('counts words in languages that put nothing between them', () =>
    expect(talkRatio(said([['user', '我的账单错了']]))['user_words']).toBeGreaterThan(1))

  test('has its longest turn over several entries of one side', () => {
    const lines: Line[] = [
      ['user', words(5), 0],
      ['agent', words(4), 10],
      ['agent', words(4), 13],
      ['user', words(7), 20],
    ]
    expect(longestMonologue(said(lines), 'any')).toEqual({
      speaker: 'agent',
      words: 8,
      seconds: 4.6,
      sequence: 1,
    })
    expect(longestMonologue(said(lines), 'user')).toMatchObject({ words: 7, sequence: 3 })
    expect(longestMonologue(said([['agent', 'Hello']]), 'user')).toMatchObject({ words: 0 })
  })
})

describe('the times of a call', () => {
  test('show where nobody spoke', () => {
    // Five words last two seconds.
    const lines: Line[] = [
      ['agent', words(5), 0],
      ['user', words(5), 12],
      ['agent', words(5), 15],
    ]
    expect(silence(saidInTime(lines), 3_000)).toEqual({
      count: 1,
      longest_s: 10,
      total_s: 10,
      share: 0.588,
    })
  })

  test('show who cut whom short, once', () => {
    const lines: Line[] = [
      ['agent', words(40), 0],
      ['user', 'Wait a moment please', 3],
      ['user', 'I know that', 5],
      ['agent', words(4), 20],
    ]
    expect(interruptions(saidInTime(lines))).toEqual({ total: 1, by_agent: 0, by_user: 1 })
  })

  test('show how long each side waited for the other', () => {
    const lines: Line[] = [
      ['user', words(5), 0],
      ['agent', words(5), 3],
      ['user', words(5), 9],
    ]
    expect(responseLatency(saidInTime(lines))).toEqual({
      agent_average_s: 1,
      agent_longest_s: 1,
      user_average_s: 4,
      user_longest_s: 4,
    })
  })

  test('are none where one is missing, or belongs to another day', () => {
    expect(
      timed(
        said([
          ['user', 'Hi', 0],
          ['agent', 'Hi'],
        ]),
      ),
    ).toBeNull()
    expect(
      timed(
        said([
          ['user', 'Hi', 0],
          ['agent', 'Hi', 90_000],
        ]),
      ),
    ).toBeNull()
  })
})

const lines = fc.array(
  fc.tuple(
    fc.constantFrom<Line[0]>('agent', 'user', 'tool'),
    fc.oneof(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.nat(80).map(words)),
    fc.integer({ min: -30, max: 700 }),
  ),
  { maxLength: 40 },
)

function figuresOf(given: readonly Line[]): Readonly<Record<string, unknown>> {
  const utterances = said(given)
  const inTime = timed(utterances)
  return {
    ...talkRatio(utterances),
    monologue: longestMonologue(utterances, 'any'),
    ...(inTime === null
      ? {}
      : { ...silence(inTime, 3_000), ...interruptions(inTime), ...responseLatency(inTime) }),
  }
}

describe('figures of any call', () => {
  test('are finite, and parts never exceed the whole (M1)', () =>
    fc.assert(
      fc.property(lines, (given) => {
        const utterances = said(given)
        const talk = talkRatio(utterances) as Record<string, number>
        const total = (talk['agent'] ?? 0) + (talk['user'] ?? 0)
        expect([0, 1]).toContain(Math.round(total * 1_000) / 1_000)
        const monologue = longestMonologue(utterances, 'any') as { words: number }
        expect(monologue.words).toBeLessThanOrEqual(talk['agent_words']! + talk['user_words']!)
        const inTime = timed(utterances)
        if (inTime === null) return
        const quiet = silence(inTime, 3_000) as Record<string, number>
        expect(quiet['share']).toBeGreaterThanOrEqual(0)
        expect(quiet['share']).toBeLessThanOrEqual(1)
        expect(quiet['total_s']).toBeLessThanOrEqual(600)
        const longestPause = quiet['count'] === 0 ? 0 : quiet['longest_s']
        expect(longestPause).toBeLessThanOrEqual(quiet['total_s']!)
        const cuts = interruptions(inTime) as Record<string, number>
        expect(cuts['total']).toBe(cuts['by_agent']! + cuts['by_user']!)
        expect(cuts['total']).toBeLessThan(inTime.length)
        const numbers = Object.values(figuresOf(given)).filter((value) => typeof value === 'number')
        expect(numbers.every((value) => Number.isFinite(value) && value >= 0)).toBe(true)
      }),
    ))

  test('do not change with what tools did (M2)', () =>
    fc.assert(
      fc.property(lines, (given) => {
        const people = given.filter(([role]) => role !== 'tool')
        const { monologue: _, ...figures } = figuresOf(given)
        const { monologue: __, ...ofPeople } = figuresOf(people)
        expect(figures).toEqual(ofPeople)
      }),
    ))
})
