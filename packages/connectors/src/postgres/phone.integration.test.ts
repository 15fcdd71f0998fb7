import { phoneTools } from '@bookend/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anywhere } from '../testing/reach.ts'
import { rowQuery } from './actions.ts'
import { client } from './client.ts'
import type { PostgresClient } from './client.ts'
import { postgres } from './index.ts'
import { PostgresSettings, QueryInput } from './schema.ts'
import { context } from './testing/context.ts'
import { freshDatabase } from './testing/database.ts'
import type { Database } from './testing/database.ts'

let database: Database
let settings: PostgresSettings
let sessions: PostgresClient

const TAIL = String.raw`right(regexp_replace(phone, '\D', '', 'g'), 9)`
const FIND = String.raw`select first_name, phone from customer
  where ${TAIL} = right(regexp_replace($1, '\D', '', 'g'), 9) limit 10`

beforeAll(async () => {
  database = await freshDatabase()
  await database.admin.query(`
    create table customer (first_name text, phone text);
    insert into customer select 'nobody', '+1' || (2000000000 + n) from generate_series(1, 20000) n;
    create index on customer (${TAIL});
    analyze customer`)
  settings = PostgresSettings.parse({ url: database.url, pool_max: 1 })
  sessions = client.open(settings, null, anywhere)
})
afterAll(async () => {
  await client.close(sessions)
  await database[Symbol.asyncDispose]()
})

const find = (phone: string) => {
  const input = QueryInput.parse({ sql: FIND, values: [phone] })
  return rowQuery.run(context({ settings, client: sessions }), input)
}

test('a number is found by its tail, by the index, however it was typed (K9)', async () => {
  for (const phone of ['+14155550100', '+442079460018']) {
    const forms = phoneTools.variants(phone)
    for (const form of forms) {
      await database.admin.query('insert into customer values ($1, $2)', [form, form])
    }
    const { rows } = await find(phone)
    expect(new Set(rows.map(({ phone: own }) => own))).toEqual(new Set(forms))
  }
  const { rows } = await database.admin.query(`explain ${FIND.replace('$1', `'+14155550100'`)}`)
  expect(JSON.stringify(rows)).toContain('Index')
})

test('the check says whose the session is', async () => {
  const checked = await postgres.check?.(context({ settings, client: sessions }))
  expect(checked?.account).toMatch(/^\w+ in \w+$/)
})
