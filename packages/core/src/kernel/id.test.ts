import { expect, test } from 'vitest'
import { createId, derivedId, idCreatedAt } from './id.ts'

const noon = new Date('2026-11-26T12:00:00.123Z')

test('a new id is a UUID version 7 that tells when it was made', () => {
  const id = createId(noon)
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(idCreatedAt(id)).toEqual(noon)
  expect(createId(noon)).not.toBe(id)
})

test('other ids tell no time', () => {
  expect(idCreatedAt('00000000-0000-4000-8000-000000000000')).toBeNull()
  expect(idCreatedAt('short')).toBeNull()
})

test('a derived id is the UUID version 5 of its name (RFC 9562, appendix A.4)', () => {
  const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8'
  expect(derivedId(dns, 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2')
})
