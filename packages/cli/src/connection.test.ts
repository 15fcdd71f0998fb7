import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connect, findKey, findUrl } from './connection.ts'

function dataDirWithKey(key: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'bookend-key-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'cli.key'), `${key}\n`)
  return folder
}

describe('the address of the server', () => {
  test('is the one given, else BOOKEND_URL, else this machine at PORT', () => {
    expect(findUrl({ url: 'http://a:1/' }, { BOOKEND_URL: 'http://b' })).toBe('http://a:1')
    expect(findUrl({}, { BOOKEND_URL: 'http://b', PORT: '1' })).toBe('http://b')
    expect(findUrl({}, { PORT: '8080' })).toBe('http://127.0.0.1:8080')
    expect(findUrl({}, {})).toBe('http://127.0.0.1:4400')
  })

  test('is refused when it is none', () => {
    expect(() => findUrl({ url: 'localhost:4400' }, {})).toThrow('is not an address')
  })
})

describe('the key', () => {
  const local = 'http://127.0.0.1:4400'

  test('is the one given, else BOOKEND_API_KEY, else the one in the data folder', () => {
    const BOOKEND_DATA_DIR = dataDirWithKey('bk_local')
    const io = { env: { BOOKEND_DATA_DIR, BOOKEND_API_KEY: 'bk_env' }, cwd: '/' }
    expect(findKey({ key: 'bk_given' }, local, io)).toBe('bk_given')
    expect(findKey({}, local, io)).toBe('bk_env')
    expect(findKey({}, local, { env: { BOOKEND_DATA_DIR }, cwd: '/' })).toBe('bk_local')
  })

  test('of the data folder goes to no other machine (K1)', () => {
    const env = { BOOKEND_DATA_DIR: dataDirWithKey('bk_local') }
    for (const url of ['https://bookend.example.com', 'http://127.0.0.1.example.com']) {
      expect(() => findKey({}, url, { env, cwd: '/' })).toThrow(`No API key for ${url}`)
    }
  })

  test('that is nowhere is said, with where it was looked for', () => {
    const env = { BOOKEND_DATA_DIR: '/nowhere' }
    expect(() => findKey({}, local, { env, cwd: '/' })).toThrow('/nowhere/cli.key')
  })
})

test('a server that is not there is said, with how to start one (K2)', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  taken.close()
  await once(taken, 'close')
  const choice = { url: `http://127.0.0.1:${port}`, key: 'bk_x' }
  const asked = connect(choice, { env: {}, cwd: '/' }).client.call('listKeys', {})
  await expect(asked).rejects.toMatchObject({
    message: `Nothing answers at ${choice.url}`,
    details: [expect.stringContaining('npx bookend demo')],
  })
})
