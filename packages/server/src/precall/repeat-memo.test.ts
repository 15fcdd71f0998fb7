import { fakeClock } from '@bookend/core/testing'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Question, RepeatMemo } from './repeat-memo.ts'

let clock: ReturnType<typeof fakeClock>
let memo: RepeatMemo<number>
beforeEach(() => {
  clock = fakeClock()
  memo = new RepeatMemo(clock)
})

function question(from: string, rest: Partial<Question['request']['call']> = {}): Question {
  return {
    workspaceId: 'w',
    workflow: 'intake',
    request: {
      call: {
        from_number: from,
        to_number: '+15550100900',
        direction: 'inbound',
        timestamp: '2026-03-02T15:04:05.000Z',
        ...rest,
      },
      agent: { id: 'a', name: 'A' },
    },
  }
}

const ADA = '+15550100001'
const remember = (asked: Question, answer = 1): void =>
  memo.remember(asked, Promise.resolve(answer))

describe('an answer', () => {
  test('is there again for 45 seconds, and no longer (M1)', async () => {
    remember(question(ADA))
    await clock.advance(44_999)
    expect(await memo.find(question(ADA))).toBe(1)
    await clock.advance(1)
    expect(memo.find(question(ADA))).toBeNull()
  })

  test('is for the same numbers, however they are written and whenever they ask', async () => {
    remember(question(ADA))
    const again = { from_number: '+1 555 010 0001', timestamp: '2026-03-02T15:04:06.000Z' }
    expect(await memo.find(question(ADA, again))).toBe(1)
    expect(memo.find(question(ADA, { to_number: '+15550100901' }))).toBeNull()
    expect(memo.find({ ...question(ADA), workflow: 'other' })).toBeNull()
    expect(memo.find({ ...question(ADA), workspaceId: 'other' })).toBeNull()
  })

  test('is forgotten when a call between the two ends, and only then (M1)', () => {
    remember(question(ADA))
    memo.callEnded('w', '+15550100002', '+15550100900')
    memo.callEnded('other', ADA, '+15550100900')
    expect(memo.find(question(ADA))).not.toBeNull()
    memo.callEnded('w', '+1 555 010 0001', '+15550100900')
    expect(memo.find(question(ADA))).toBeNull()
  })

  test.each(['anonymous', 'Restricted', '', 'sip:a@b'])('is not kept for "%s" (M2)', (from) => {
    remember(question(from))
    expect(memo.find(question(from))).toBeNull()
  })

  test('makes room for others: the oldest of ten thousand goes first', () => {
    for (let caller = 0; caller <= 10_000; caller += 1) {
      remember(question(`+1555${String(caller).padStart(7, '0')}`), caller)
    }
    expect(memo.find(question('+15550000000'))).toBeNull()
    expect(memo.find(question('+15550000001'))).not.toBeNull()
  })
})
