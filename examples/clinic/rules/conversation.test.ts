import { describe, expect, test } from 'vitest'
import { transcriptText } from './caller-lines.ts'
import { findWish } from './caller-wish.ts'
import { findEmergency } from './emergency.ts'
import { isUpset, sentimentOf } from './sentiment.ts'

type Role = 'agent' | 'user' | 'tool' | 'system'

const entry = (role: Role, text: string, sequence: number) => ({
  sequence,
  role,
  text,
  timestamp: null,
  function_name: null,
  arguments: null,
})
const said = (...lines: string[]) => ({
  transcripts: lines.map((line, i) => entry('user', line, i)),
})
const agentSaid = (line: string) => ({ transcripts: [entry('agent', line, 0)] })

describe('a wish', () => {
  test.each([
    ['I’d like to book an appointment', 'appointment'],
    ['My inhaler needs a refill before my appointment', 'prescription'],
    ['Why was I billed twice?', 'billing'],
    ['Are my blood results in?', 'results'],
    ['Please have the doctor call me back about my bill', 'callback'],
  ])('is heard in %j', (line, wish) => {
    expect(findWish(said('Hello', line))).toEqual({ wish, line })
  })

  test('is not read out of what the agent said', () => {
    expect(findWish(agentSaid('Would you like to book an appointment?'))).toBeNull()
  })

  test('is not there in small talk', () => {
    expect(findWish(said('Wrong number, sorry'))).toBeNull()
  })
})

describe('the sentiment', () => {
  test.each([
    [-0.8, -0.8],
    [-7, -1],
    ['0.25', 0.25],
    ['Upset', -0.8],
  ])('is believed where an analysis says %j', (told, score) => {
    const sentiment = sentimentOf({ analysis: { sentiment: told }, ...said('This is great') })
    expect(sentiment).toEqual({ score, source: 'analysis' })
  })

  test.each([{}, { sentiment: '' }, { sentiment: 'mauve' }, { sentiment: null }])(
    'is counted from the caller’s words where the analysis is %j',
    (analysis) => {
      const sentiment = sentimentOf({
        analysis,
        ...said('This is ridiculous.', 'Terrible, awful.'),
      })
      expect(sentiment).toEqual({ score: -0.6, source: 'words' })
      expect(isUpset(sentiment)).toBe(true)
    },
  )

  test('does not turn on one word', () => {
    expect(isUpset(sentimentOf({ analysis: {}, ...said('The traffic was terrible') }))).toBe(false)
  })

  test('does not count what the agent said', () => {
    const sentiment = sentimentOf({ analysis: {}, ...agentSaid('terrible awful worst') })
    expect(sentiment.score).toBe(0)
  })
})

describe('an emergency', () => {
  test.each(['I have chest pain', 'He can’t breathe', 'She collapsed in the kitchen'])(
    'is heard in %j',
    (line) => {
      expect(findEmergency(said('Hello', line))).toBe(line)
    },
  )

  test.each(['There is no chest pain now', 'It is not an emergency', 'I love breathing exercises'])(
    'is not heard in %j',
    (line) => {
      expect(findEmergency(said(line))).toBeNull()
    },
  )

  test('is not heard from the agent', () => {
    expect(findEmergency(agentSaid('Is this an emergency?'))).toBeNull()
  })
})

test('a transcript reads as a conversation', () => {
  const transcripts = [entry('agent', 'Hello', 0), entry('user', 'Hi', 1)]
  expect(transcriptText({ transcripts })).toBe('Agent: Hello\nCaller: Hi')
})
