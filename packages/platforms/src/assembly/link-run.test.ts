import { expect, test } from 'vitest'
import { linkRun, type LinkableCall, type LinkableRun } from './link-run.ts'

const answeredMs = Date.UTC(2026, 2, 2, 15, 4, 5)
const at = (ms: number) => new Date(answeredMs + ms).toISOString()

const run = (run_id: string, more: Partial<LinkableRun> = {}): LinkableRun => ({
  run_id,
  ids: [],
  from_number: '+447700900142',
  to_number: '+15550123',
  answered_at: at(0),
  ...more,
})
const call: LinkableCall = {
  run_id: null,
  ids: [],
  from_number: '+447700900142',
  to_number: '+15550123',
  started_at: at(4_000),
}

test('a call belongs to the run that it echoes, whatever else there is', () => {
  const runs = [run('r1', { ids: ['c1'] }), run('r2')]
  expect(linkRun({ ...call, run_id: 'r2', ids: ['c1'] }, runs)).toEqual({
    run_id: 'r2',
    by: 'echo',
  })
})

test('else to the one with which it shares an id', () => {
  const runs = [run('r1'), run('r2', { ids: ['CA1'] })]
  expect(linkRun({ ...call, ids: ['conv1', 'CA1'] }, runs)).toEqual({ run_id: 'r2', by: 'id' })
})

test('of two with that id, to the later one', () => {
  const runs = [run('r1', { ids: ['c1'] }), run('r2', { ids: ['c1'], answered_at: at(1) })]
  expect(linkRun({ ...call, ids: ['c1'] }, runs)?.run_id).toBe('r2')
})

test('else to the only one of its numbers within ninety seconds', () => {
  expect(linkRun({ ...call, started_at: at(90_000) }, [run('r1')])).toEqual({
    run_id: 'r1',
    by: 'numbers',
  })
  expect(linkRun({ ...call, started_at: at(90_001) }, [run('r1')])).toBeNull()
  expect(linkRun(call, [run('r1'), run('r2')])).toBeNull()
})

test('a withheld caller belongs to no run by number: two of them are not one', () => {
  const withheld = run('r1', { from_number: null })
  expect(linkRun({ ...call, from_number: null }, [withheld])).toBeNull()
})
