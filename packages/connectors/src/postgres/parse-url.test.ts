import { describe, expect, test } from 'vitest'
import { parseUrl } from './parse-url.ts'

const local = { port: 5432, user: 'ada', database: 'crm', password: null, tls: false }

describe('the URL of a database', () => {
  test.each([
    ['postgres://ada@db.example.com/crm', { ...local, host: 'db.example.com', tls: true }],
    ['postgresql://ada@localhost/crm', { ...local, host: 'localhost' }],
    ['postgres://ada@[::1]:6543/crm', { ...local, host: '::1', port: 6543 }],
    ['postgres://ada@/crm?host=/run/postgresql', { ...local, host: '/run/postgresql' }],
    ['postgres://ada@localhost/crm?host=%2Frun%2Fpg', { ...local, host: '/run/pg' }],
    ['postgres://ada@db/crm?sslmode=disable', { ...local, host: 'db' }],
    ['postgres://ada@db/crm?sslmode=require', { ...local, host: 'db', tls: true }],
    ['postgres://ada@127.0.0.1', { ...local, host: '127.0.0.1', database: 'ada' }],
    ['postgres://ada:p%40ss@localhost/crm', { ...local, host: 'localhost', password: 'p@ss' }],
  ])('%s is read whole', (url, value) => {
    expect(parseUrl(url)).toEqual({ ok: true, value })
  })

  test.each([
    ['', 'postgres://user@host'],
    ['mysql://ada@db/crm', 'postgresql://'],
    ['postgres://db/crm', 'names a user'],
    ['postgres:///crm', 'names a user'],
    ['postgres://ada@db/crm?sslmode=prefer', 'verify-full or disable'],
    ['postgres://ada@db/crm?sslmode=no-verify', 'verify-full or disable'],
    ['postgres://ada@db/crm?sslrootcert=/etc/passwd', 'tls_ca'],
    ['postgres://ada%00database%00x@db/crm', 'control characters'],
    ['postgres://ada@db/%zz', 'postgres://user@host'],
  ])('%j is refused with its remedy', (url, issue) => {
    const parsed = parseUrl(url)
    expect(parsed.ok ? 'read' : parsed.issue).toContain(issue)
  })

  test('that is refused is not repeated in the reason, for it may hold a password', () => {
    const parsed = parseUrl('postgres://ada:hunter2@db:port/crm')
    expect(JSON.stringify(parsed)).not.toContain('hunter2')
  })
})
