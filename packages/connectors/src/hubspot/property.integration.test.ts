import { describe, expect, test } from 'vitest'
import { openBench } from '../testing/bench.ts'
import { status } from '../testing/fault.ts'
import { hubspot } from './index.ts'
import { openFakeHubspot } from './testing/fake.ts'

const settings = { key_property: 'bookend_key', phone_property: 'bookend_phone' }
const open = () => openFakeHubspot(settings)
const KEYED = ['calls', 'notes', 'tasks', 'tickets'].map((type) => `${type}.bookend_key`)
const ALL = [...KEYED, 'contacts.bookend_phone']

const openWithout = async (...names: readonly string[]) => {
  const bench = await openBench({ connector: hubspot, open })
  for (const name of names) bench.setup.defined.delete(name)
  return bench
}

describe('the properties that carry our keys', () => {
  test('are made where they are not there, and can be written by then', async () => {
    await using bench = await openWithout(...ALL)
    expect(await bench.check()).toMatchObject({
      output: { warnings: ALL.map((name) => `${name} is not there; install makes it`) },
    })
    expect(await bench.install()).toEqual({ kind: 'ok', output: { made: ALL, found: [] } })
    expect(await bench.check()).toMatchObject({ output: { warnings: [] } })
    const found = { made: [], found: ALL }
    expect(await bench.install()).toEqual({ kind: 'ok', output: found })
    expect([...bench.setup.defined.values()]).toEqual(ALL.map(() => true))
    expect(bench.vendor.problems).toEqual([])
  })

  test('are made in part, where the rest is there', async () => {
    await using bench = await openWithout('notes.bookend_key')
    expect(await bench.install()).toMatchObject({
      output: {
        made: ['notes.bookend_key'],
        found: ALL.filter((name) => !name.startsWith('notes')),
      },
    })
  })

  test('are left alone where somebody else has one of the name (P1)', async () => {
    await using bench = await openWithout()
    bench.setup.defined.set('calls.bookend_key', false)
    expect(await bench.install()).toMatchObject({
      verdict: { kind: 'refused', detail: 'calls_property_not_unique' },
    })
    expect(await bench.check()).toMatchObject({
      output: { warnings: [expect.stringContaining('calls.bookend_key is no text')] },
    })
  })

  test('that were made meanwhile are what was wanted (P2)', async () => {
    await using bench = await openWithout('tasks.bookend_key')
    const [first, second] = await Promise.all([bench.install(), bench.install()])
    expect([first, second]).toMatchObject([{ kind: 'ok' }, { kind: 'ok' }])
    expect(bench.setup.defined.get('tasks.bookend_key')).toBe(true)
  })

  test('are not asked for without their settings', async () => {
    await using bench = await openBench({ connector: hubspot, open: () => openFakeHubspot() })
    expect(await bench.install()).toMatchObject({ output: { made: [], found: [] } })
    expect(bench.vendor.requests).toEqual([])
  })

  test('cannot be seen by a token without the scope, which a check says', async () => {
    await using bench = await openWithout()
    const fault = status(403, {}, { category: 'MISSING_SCOPES' })
    bench.vendor.failAll(fault, ({ path }) => path.includes('/properties/'))
    expect(await bench.install()).toMatchObject({ verdict: { detail: 'missing_scopes' } })
    expect(await bench.check()).toMatchObject({
      output: {
        warnings: ALL.map((name) => `Whether ${name} is there cannot be seen with this token`),
      },
    })
  })
})

test('the owner of records is found by the e-mail address, and one who has gone is none', async () => {
  await using bench = await openWithout()
  const find = (email: string) => bench.run('person.find_by_email', { email })
  expect(await find('grace@example.com')).toMatchObject({
    output: { id: '42', name: 'Grace Hopper', email: 'Grace@example.com' },
  })
  expect(await find('gone@example.com')).toMatchObject({ output: null })
  expect(await find('nobody@example.com')).toMatchObject({ output: null })
})
