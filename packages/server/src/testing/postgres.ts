import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import pg from 'pg'
import { inject } from 'vitest'
import { connectionUrl, type Connection } from '../embedded/connection.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    postgresDoor: string
  }
}

/** What the global set-up answers. */
export type SharedPostgres = { connection: Connection } | { error: string }

export interface TestDatabase extends AsyncDisposable {
  readonly url: string
  readonly connection: pg.PoolConfig
}

/**
 * A fresh, empty database on the run's PostgreSQL; disposing drops it, together with any connection
 * that a test has left open. Only in projects whose `globalSetup` is `global-setup.ts`.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const shared = await askForPostgres()
  if ('error' in shared) throw new Error(shared.error)
  const database = `test_${randomBytes(8).toString('hex')}`
  const admin = { ...shared.connection, database: 'postgres' }
  await runOn(admin, `CREATE DATABASE ${database}`)
  const connection = { ...shared.connection, database }
  return {
    connection,
    url: connectionUrl(connection),
    [Symbol.asyncDispose]: () => runOn(admin, `DROP DATABASE ${database} WITH (FORCE)`),
  }
}

async function askForPostgres(): Promise<SharedPostgres> {
  const socket = connect(inject('postgresDoor'))
  await once(socket, 'connect')
  return parseAnswer(JSON.parse(await text(socket)))
}

function parseAnswer(answer: unknown): SharedPostgres {
  if (isShared(answer)) return answer
  throw new TypeError('The shared PostgreSQL gave no usable answer')
}

const isShared = (answer: unknown): answer is SharedPostgres =>
  typeof answer === 'object' && answer !== null && ('connection' in answer || 'error' in answer)

async function runOn(connection: Connection, statement: string): Promise<void> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
