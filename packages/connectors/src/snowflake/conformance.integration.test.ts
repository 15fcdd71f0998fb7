import { someCall } from '../analytics/testing/call.ts'
import type { EffectCase } from '../testing/bench.ts'
import { conformance } from '../testing/conformance.ts'
import { snowflake } from './index.ts'
import { type FakeSnowflake, openFakeSnowflake } from './testing/fake.ts'

const COLUMNS = [
  { name: 'ID', type: 'NUMBER' },
  { name: 'NAME', type: 'TEXT' },
]

const shared = {
  prepare: ({ seed }) => void seed('PUBLIC.SEEN', COLUMNS),
  writes: ({ method, query }) => method === 'POST' && query.has('requestId'),
  count: ({ tables }) => [...tables.values()].reduce((sum, { rows }) => sum + rows.length, 0),
} satisfies Partial<EffectCase<FakeSnowflake>>

const select = 'select :name as name'
const insert = {
  ...shared,
  action: 'row.insert',
  input: () => ({ table: 'seen', rows: [{ id: 1, name: 'Ada' }, { id: 2 }] }),
}

conformance({
  connector: snowflake,
  open: openFakeSnowflake,
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
      name: 'another code than that of success',
      case: insert,
      answer: { status: 200, body: { code: '391918', statementHandle: 'a', message: 'words' } },
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
