// The audit log and what it tells of, on a real database (A1, A5).

import { routes } from '@bookend/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase, type Database } from '../store/database.ts'
import { migrateAt } from '../start/open-storage.ts'
import { systemClock } from '../system-clock.ts'
import { testDatabase, type TestDatabase } from '../testing/postgres.ts'
import { type Audited, createAudited, withAudit } from './audited.ts'
import { notFound, ProblemError } from './problem.ts'

const workspaceId = '0197f3a0-0000-7000-8000-000000000001'
let home: TestDatabase
let plain: Database
let database: Database
let audited: Audited

beforeAll(async () => {
  home = await testDatabase()
  await migrateAt(home.url)
  plain = openDatabase(home.url)
  database = withAudit(plain)
  audited = createAudited(plain, systemClock)
  await plain.query(`insert into workspaces (id, name, signing_secret) values ($1, 'One', '')`, [
    workspaceId,
  ])
  await plain.query('create table things (name text primary key)')
})

afterAll(async () => {
  await plain.close()
  await home[Symbol.asyncDispose]()
})

const request = {
  route: { ...routes.createAgent, name: 'createAgent' as const },
  access: {
    workspaceId,
    scopes: ['admin' as const],
    keyId: 'key',
    keyLabel: 'Key',
    personId: null,
    isMasked: false,
  },
  isSession: false,
  params: {},
  body: { name: 'One' },
  ip: '127.0.0.1',
}

let requests = 0
function ask(handle: () => Promise<unknown>): { id: string; answer: Promise<unknown> } {
  const requestId = `request-${(requests += 1)}`
  return { id: requestId, answer: audited.around({ ...request, requestId }, handle) }
}

const insert = (name: string, result: unknown = { id: name }): Promise<unknown> =>
  database.transaction(async (client) => {
    await client.query('insert into things values ($1)', [name])
    return result
  })

const entriesOf = (requestId: string) =>
  plain.query<{ target: string | null }>('select target from audit where request_id = $1', [
    requestId,
  ])
const things = async () =>
  (await plain.query<{ name: string }>('select name from things order by name')).map(
    ({ name }) => name,
  )

describe('a write and its entry', () => {
  test('are both there once the transaction is over, before the answer (A1)', async () => {
    let seen: unknown[] = []
    const { id, answer } = ask(async () => {
      const made = await insert('both')
      seen = await entriesOf(id)
      return made
    })
    await answer
    expect(seen).toEqual([{ target: 'both' }])
    expect(await entriesOf(id)).toEqual(seen)
  })

  test('are neither there when the entry cannot be stored (A1)', async () => {
    await plain.query('alter table audit add constraint full_disk check (false) not valid')
    try {
      const { answer } = ask(() => insert('unaudited'))
      await expect(answer).rejects.toThrow('full_disk')
    } finally {
      await plain.query('alter table audit drop constraint full_disk')
    }
    expect(await things()).not.toContain('unaudited')
  })

  test('are neither there when the write fails (A1)', async () => {
    await insert('taken')
    const { id, answer } = ask(() => insert('taken'))
    await expect(answer).rejects.toThrow('duplicate key')
    expect(await entriesOf(id)).toEqual([])
  })

  test('are one entry, of the first transaction that writes', async () => {
    const { id, answer } = ask(async () => {
      await database.transaction((client) => client.query('select 1'))
      expect(await entriesOf(id)).toEqual([])
      await insert('first', null)
      await Promise.all([insert('second'), insert('third')])
      return { id: 'answered' }
    })
    await answer
    expect(await entriesOf(id)).toEqual([{ target: 'answered' }])
  })

  test('keep the entry when something goes wrong afterwards', async () => {
    const { id, answer } = ask(async () => {
      await insert('kept')
      throw new Error('the read after it failed')
    })
    await expect(answer).rejects.toThrow('the read')
    expect(await entriesOf(id)).toHaveLength(1)
  })
})

describe('no entry', () => {
  test('is there of a refusal, though a row was locked for it (A5)', async () => {
    await insert('locked')
    const { id, answer } = ask(async () => {
      await database.transaction((client) =>
        client.query(`select * from things where name = 'locked' for update`),
      )
      throw notFound('thing')
    })
    await expect(answer).rejects.toThrow(ProblemError)
    expect(await entriesOf(id)).toEqual([])
  })

  test('is there of a transaction outside of a request, or after its answer', async () => {
    let later: Promise<unknown> = Promise.resolve()
    const { id, answer } = ask(async () => {
      const made = await insert('asked')
      later = answer.then(() => insert('later'))
      return made
    })
    await answer
    await later
    await insert('alone')
    expect(await entriesOf(id)).toEqual([{ target: 'asked' }])
  })

  test('is there of what a request set off and that is done behind its answer (A6)', async () => {
    let goOn = (): void => undefined
    const isAnswered = new Promise<void>((resolve) => (goOn = resolve))
    let setOff: Promise<unknown> = Promise.resolve()
    const { id, answer } = ask(() => {
      setOff = database
        .transaction(async (client) => {
          await isAnswered
          await client.query(`insert into things values ('set off')`)
        })
        .then(() => insert('set off by that'))
      return Promise.resolve({ id: 'asked' })
    })
    await answer
    goOn()
    await setOff
    expect(await things()).toEqual(expect.arrayContaining(['set off', 'set off by that']))
    expect(await entriesOf(id)).toEqual([{ target: 'asked' }])
  })
})

test('a request that writes nothing has its entry before its answer (A3)', async () => {
  const { id, answer } = ask(() => Promise.resolve({ id: 'shown' }))
  await answer
  expect(await entriesOf(id)).toEqual([{ target: 'shown' }])
})
