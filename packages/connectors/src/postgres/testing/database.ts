import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import pg from 'pg'
import { inject } from 'vitest'

declare module 'vitest' {
  export interface ProvidedContext {
    postgresDoor: string
  }
}

interface Place {
  /** The folder of the server's socket. */
  readonly host: string
  readonly port: number
  readonly user: string
}

export interface Database extends AsyncDisposable {
  readonly place: Place
  readonly name: string
  readonly url: string
  /** A session beside the connector's, to prepare, look and interfere. */
  readonly admin: pg.Client
}

/** A fresh database on the run's PostgreSQL, which the set-up of the integration tests starts. */
export async function freshDatabase(): Promise<Database> {
  const place = await askForPostgres()
  const name = `connector_${randomBytes(8).toString('hex')}`
  const server = new pg.Client({ ...place, database: 'postgres', ssl: false })
  await server.connect()
  await server.query(`create database ${name}`)
  const admin = new pg.Client({ ...place, database: name, ssl: false })
  admin.on('error', () => {})
  await admin.connect()
  return {
    place,
    name,
    admin,
    url: `postgresql://${place.user}@/${name}?host=${encodeURIComponent(place.host)}`,
    [Symbol.asyncDispose]: async () => {
      await admin.end()
      await server.query(`drop database ${name} with (force)`)
      await server.end()
    },
  }
}

async function askForPostgres(): Promise<Place> {
  const socket = connect(inject('postgresDoor'))
  await once(socket, 'connect')
  const answer = JSON.parse(await text(socket)) as
    | { readonly connection: Place }
    | { readonly error: string }
  if ('error' in answer) throw new Error(answer.error)
  const { host, port, user } = answer.connection
  return { host, port, user }
}
