import { someCall } from '../analytics/testing/call.ts'
import { isToken } from '../google/testing/token-door.ts'
import type { EffectCase } from '../testing/bench.ts'
import { conformance } from '../testing/conformance.ts'
import { bigquery } from './index.ts'
import { type FakeBigquery, openFakeBigquery } from './testing/fake.ts'

const shared = {
  prepare: ({ seed }) => void seed('reporting.seen', FIELDS),
  writes: ({ method, path, text }) =>
    method !== 'GET' && !isToken({ path }) && !text.includes('"query":"select'),
  count: ({ tables }) => [...tables.values()].reduce((sum, { rows }) => sum + rows.length, 0),
} satisfies Partial<EffectCase<FakeBigquery>>

const FIELDS = [
  { name: 'id', type: 'INTEGER' },
  { name: 'name', type: 'STRING' },
]
const select = 'select @name as name'
const insert = {
  ...shared,
  action: 'row.insert',
  input: () => ({ table: 'seen', rows: [{ id: 1, name: 'Ada' }, { id: 2 }] }),
}

conformance({
  connector: bigquery,
  open: openFakeBigquery,
  cases: [
    { ...shared, action: 'row.query_one', input: () => ({ sql: select, params: { name: 'Ada' } }) },
    { ...shared, action: 'row.query', input: () => ({ sql: select, params: { name: 'Ada' } }) },
    insert,
    {
      ...shared,
      action: 'row.upsert',
      input: () => ({ table: 'seen', key: ['id'], row: { id: 1, name: 'Ada' } }),
    },
    { ...shared, action: 'analytics.write', input: () => ({ call: someCall }) },
  ],
  innerFailures: [
    {
      name: 'a row that was refused',
      case: insert,
      answer: {
        status: 200,
        body: { insertErrors: [{ index: 0, errors: [{ reason: 'invalid' }] }] },
      },
    },
  ],
  hostile: (text) => [
    { action: 'row.query', input: { sql: select, params: { name: text } } },
    { action: 'row.query', input: { sql: text } },
    { action: 'row.insert', input: { table: text, rows: [{ id: 1 }] } },
    { action: 'row.upsert', input: { table: 'seen', key: [text], row: { [text]: text } } },
    {
      action: 'analytics.write',
      input: { call: { ...someCall, summary: text, params: { [text]: text } } },
    },
  ],
})
