import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CliError } from '../cli-error.ts'
import { loadConversation, parseConversation } from './conversation.ts'

let cwd = ''
const booking = { title: 'Booking', entries: [{ role: 'user', text: 'Hello', after_ms: 20 }] }

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bookend-conversations-'))
  mkdirSync(join(cwd, 'conversations'))
  writeFileSync(join(cwd, 'conversations', 'booking.json'), JSON.stringify(booking))
  writeFileSync(join(cwd, 'conversations', 'cancel.json'), '{"entries": []}')
})
afterAll(() => rmSync(cwd, { recursive: true }))

const detailsOf = (load: () => unknown): string => {
  try {
    load()
  } catch (error) {
    if (error instanceof CliError) return [error.message, ...error.details].join('\n')
  }
  return 'not refused'
}

describe('a conversation', () => {
  test('is found by name, by path, or first in the folder', () => {
    for (const wanted of ['booking', 'conversations/booking.json', undefined]) {
      const found = loadConversation(wanted, 'conversations', cwd)
      expect(found.title).toBe('Booking')
      expect(found.lines).toEqual([{ role: 'user', text: 'Hello', afterMs: 20 }])
    }
  })

  test('is the built-in one where there is no folder', () => {
    expect(loadConversation(undefined, 'elsewhere', cwd).lines.length).toBeGreaterThan(1)
  })

  test('that does not exist is refused with the names of those that do', () => {
    const said = detailsOf(() => loadConversation('refund', 'conversations', cwd))
    expect(said).toContain('booking, cancel')
  })

  test.each([
    [{ entries: [] }, 'has no entries'],
    [null, 'has no entries'],
    [{ entries: [{ role: 'robot', text: 'x' }] }, 'entries.0.role'],
    [{ entries: [{ role: 'user', text: 'x', after_ms: -1 }] }, 'entries.0.after_ms'],
    [{ ...booking, complete: { ended: true } }, 'complete'],
  ])('%j is refused, naming the field', (content, words) => {
    expect(detailsOf(() => parseConversation(content, 'x.json'))).toContain(words)
  })
})
