import pg from 'pg'
import { expect, test } from 'vitest'
import { connectionUrl } from './connection.ts'

test.each(['/data/run', '/data, "x" y/rün&host=evil?#/100%', `/tmp/${'long/'.repeat(60)}`])(
  'the URL for a socket in %j means the same to URL parsers and to node-postgres',
  (host) => {
    const connection = {
      host,
      port: 5432,
      user: 'bookend',
      database: 'bookend',
      ssl: false,
    } as const
    const url = connectionUrl(connection)
    expect(new URL(url)).toMatchObject({ hostname: 'localhost', username: 'bookend' })
    expect(new URL(url).searchParams.get('host')).toBe(host)
    expect(new pg.Client({ connectionString: url })).toMatchObject(connection)
  },
)
