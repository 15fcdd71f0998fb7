import { expect, test } from 'vitest'
import type { KeptRecord } from './call-record.ts'
import { lineOfRecord, textOfRecord } from './record-text.ts'

const call = { id: 'c1', params: { text: 'a "quoted"\nline', absent: undefined } }
const run = { id: 'r1', missing: [] }
const step = { name: 'lookup', output: { deep: [1, null] } }

test.each([
  ['a call without a run', { call, run: null, steps: [], startedEventId: 'e1' }],
  ['a call with a run', { call, run, steps: [step, step], startedEventId: 'e1' }],
  ['a call that did not start', { call, run: null, steps: [], startedEventId: null }],
  ['a run without a call', { call: null, run, steps: [step], startedEventId: null }],
])('the line of %s reads as the record itself, in one line', (_, fields) => {
  const record = fields as unknown as KeptRecord
  const line = lineOfRecord(record, textOfRecord(record))
  expect(line).toBe(JSON.stringify(record))
  expect(line).not.toContain('\n')
})
