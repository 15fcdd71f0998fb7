import { describe, expect, test } from 'vitest'
import { explainOutput } from './explain-output.ts'

const explain = (output: string) => explainOutput('/data', 'PostgreSQL ended', output)

describe('what a failed program said', () => {
  test('becomes a full disk', () => {
    const error = explain('FATAL:  could not write to file: No space left on device')
    expect(error).toMatchObject({ code: 'disk_full' })
    expect(error.message).toContain('/data is full')
  })

  test('becomes a closed door, with what to do about it', () => {
    const error = explain('FATAL:  could not open file "postgresql.conf": Permission denied')
    expect(error).toMatchObject({ code: 'permission_denied' })
    expect(error.message).toMatch(/BOOKEND_DATA_DIR.*DATABASE_URL/)
  })

  test('points at the C library when the program has no loader', () => {
    const error = explain('setpriv: failed to execute /x/postgres: No such file or directory')
    expect(error.message).toMatch(/glibc.*DATABASE_URL/)
  })

  test('is quoted when it means nothing special', () => {
    expect(explain('FATAL:  odd').message).toBe('PostgreSQL ended:\nFATAL:  odd')
    expect(explain('').message).toBe('PostgreSQL ended:\nIt said nothing.')
  })
})
