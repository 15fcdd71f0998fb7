import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Spool } from './spool.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bookend-spool-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const open = (): Spool =>
  new Spool(folder, (error) => {
    throw error
  })
const texts = (spool: Spool): string[] => spool.left.map(({ text }) => text)

describe('the spool', () => {
  test('gives what was kept to the next start, in order, when the process is killed (L1, L2)', () => {
    const spool = open()
    for (const text of ['a', 'b', 'c']) spool.keep(text)
    expect(texts(open())).toEqual(['a', 'b', 'c'])
  })

  test('forgets what is settled once everything beside it is (L2)', () => {
    const spool = open()
    const [a, b] = [spool.keep('a'), spool.keep('b')]
    a.settle()
    a.settle()
    expect(texts(open())).toEqual(['a', 'b'])
    b.settle()
    expect(texts(open())).toEqual([])
  })

  test('leaves out a line that a kill cut short (L3)', () => {
    open().keep('a')
    const [name = ''] = readdirSync(folder)
    appendFileSync(join(folder, name), '{"half')
    expect(texts(open())).toEqual(['a'])
  })

  test('removes a full segment when its last record is settled', () => {
    const spool = open()
    const big = spool.keep('x'.repeat(5 * 1_024 * 1_024))
    const after = spool.keep('small')
    expect(readdirSync(folder)).toHaveLength(2)
    big.settle()
    expect(readdirSync(folder)).toHaveLength(1)
    after.settle()
    expect(readdirSync(folder).map((name) => statSync(join(folder, name)).size)).toEqual([0])
  })

  test('keeps what earlier starts left until it is settled, also over another kill', () => {
    open().keep('a')
    const second = open()
    second.keep('b')
    const third = open()
    expect(texts(third)).toEqual(['a', 'b'])
    for (const record of third.left) record.settle()
    third.close()
    expect(readdirSync(folder)).toEqual(readdirSync(folder).filter((name) => name === ''))
  })

  test('on a disk that refuses goes on and says so (L4)', () => {
    const faults: unknown[] = []
    const spool = new Spool(folder, (error) => faults.push(error))
    rmSync(folder, { recursive: true })
    spool.keep('x'.repeat(5 * 1_024 * 1_024))
    expect(() => spool.keep('b').settle()).not.toThrow()
    expect(faults).not.toHaveLength(0)
    folder = mkdtempSync(join(tmpdir(), 'bookend-spool-'))
  })
})
