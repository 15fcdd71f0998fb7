import { WorkflowError } from '@bookend/core'
import { expect, test } from 'vitest'
import { DatabaseAwayError } from '../store/database.ts'
import { loadPublished, type Published, type PublishedParts } from './load-published.ts'
import { loadedFrom } from './testing/loaded.ts'
import { greet } from './testing/published.ts'

const AT = new Date('2026-01-01T00:00:00Z')
const row = (name: string, version: string) => ({
  name,
  version,
  kind: 'pre-call' as const,
  published_at: AT,
  published_by: 'Ada',
})

function parts(over: Partial<PublishedParts> = {}) {
  const errors: unknown[] = []
  const loads: string[] = []
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (fields: object) => void errors.push(fields),
  }
  const load: PublishedParts['load'] = async (name, version) => {
    loads.push(`${name} ${version}`)
    return { ...loadedFrom(name, greet('Hi', name)), version }
  }
  const made: PublishedParts = { load, check: () => undefined, log, told: new Set(), ...over }
  return { ...made, errors, loads }
}

const versionsOf = (published: Published): string[] =>
  [...published].map(([name, { version }]) => `${name} ${version}`)

test('what did not change is not loaded again', async () => {
  const given = parts()
  const first = await loadPublished([row('a', '1'), row('b', '1')], new Map(), given)
  const second = await loadPublished([row('a', '1'), row('b', '2')], first, given)
  expect(given.loads).toEqual(['a 1', 'b 1', 'b 2'])
  expect(second.get('a')).toBe(first.get('a'))
  expect(versionsOf(await loadPublished([row('b', '2')], second, given))).toEqual(['b 2'])
})

test('one that cannot be used costs itself alone, keeps its last version, and is told once (P1)', async () => {
  const refuse = (name: string): never => {
    throw new WorkflowError(`Workflow "${name}" uses connections that are not configured`)
  }
  let isMended = false
  const given = parts({
    check: ({ name }) => (name === 'a' && !isMended ? refuse(name) : undefined),
  })
  const before = new Map([['a', { ...loadedFrom('a', greet('Old', 'a')), version: '1' }]])
  const rows = [row('a', '2'), row('b', '2')]
  const after = await loadPublished(rows, before, given)
  expect(versionsOf(after)).toEqual(['a 1', 'b 2'])
  await loadPublished(rows, after, given)
  expect(given.errors).toHaveLength(1)
  isMended = true
  expect(versionsOf(await loadPublished(rows, after, given))).toEqual(['a 2', 'b 2'])
})

test('a database that is away is not a fault of the workflow (F8)', async () => {
  const load = (): never => {
    throw new DatabaseAwayError('away')
  }
  const given = parts({ load })
  await expect(loadPublished([row('a', '1')], new Map(), given)).rejects.toThrow(DatabaseAwayError)
  expect(given.errors).toEqual([])
})
