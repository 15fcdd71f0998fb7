import { describe, expect, test } from 'vitest'
import { loadedFrom } from './testing/loaded.ts'
import { createTable } from './workflow-table.ts'

const journey = (name: string, on: string) =>
  loadedFrom(name, `workflow: ${name}\non: ${on}\nsteps: { a: { value: 1 } }\n`)
const preCall = (name: string) =>
  loadedFrom(name, `workflow: ${name}\non: pre-call\nrespond: { parameters: {} }\n`)

describe('a table of workflows', () => {
  test('finds them by name, kind and event', () => {
    const table = createTable(
      [journey('b', 'call.completed')],
      [journey('a', 'call.completed'), preCall('c')],
    )
    expect(table.list().map(({ name }) => name)).toEqual(['a', 'b', 'c'])
    expect(table.journeysOn('call.completed').map(({ name }) => name)).toEqual(['a', 'b'])
    expect(table.journeysOn('call.started')).toEqual([])
    expect([table.preCall('c')?.name, table.preCall('a')]).toEqual(['c', null])
    expect([table.find('a')?.name, table.find('z')]).toEqual(['a', null])
  })

  test('takes the file of two of one name, in every list (U4)', () => {
    const file = { ...journey('a', 'call.completed'), origin: 'file' as const }
    const table = createTable([file], [journey('a', 'call.started')])
    expect(table.list()).toEqual([file])
    expect(table.journeysOn('call.started')).toEqual([])
    expect(table.find('a')).toBe(file)
  })

  test('knows no name of an object’s own', () => {
    const table = createTable([], [])
    for (const name of ['constructor', '__proto__']) {
      expect([table.find(name), table.preCall(name), table.journeysOn(name)]).toEqual([
        null,
        null,
        [],
      ])
    }
  })
})
