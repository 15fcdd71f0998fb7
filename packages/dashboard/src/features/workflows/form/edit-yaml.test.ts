import type { Json } from '@bookend/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { renameKey, setValue } from './edit-yaml.ts'

const TEXT = `# who calls
workflow: intake   # the name
steps:
  contact:
    # by its number
    use: crm.contact.find   # reads
    with: { phone: "\${{ call.from_number }}", limit: 1 }
    timeout: 2s
  tickets:
    use: desk.request.get
    with:
      path: [tickets]   # the list
      query:
        status: open

    # nothing is an answer, too
    default: { status: 0 }
  note:
    value: |
      one
      two
  empty:
    with:
respond: {}
`

/** What became of the lines that are not the same, each as `- old` or `+ new`. */
function changes(after: string | null): string[] {
  const old = TEXT.split('\n')
  const now = (after ?? '').split('\n')
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `- ${line.trim()}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+ ${line.trim()}`),
  ]
}

describe('an edit of a YAML text changes one value and no other character', () => {
  test.each<[string, string[], Json | undefined, string[]]>([
    ['a word', ['steps', 'contact', 'timeout'], '500ms', ['- timeout: 2s', '+ timeout: 500ms']],
    [
      'a word with a comment',
      ['steps', 'contact', 'use'],
      'crm.contact.get',
      ['- use: crm.contact.find   # reads', '+ use: crm.contact.get   # reads'],
    ],
    [
      'a value between brackets, in quotes where it must be',
      ['steps', 'contact', 'with', 'limit'],
      '${{ steps.a }}',
      [
        '- with: { phone: "${{ call.from_number }}", limit: 1 }',
        '+ with: { phone: "${{ call.from_number }}", limit: "${{ steps.a }}" }',
      ],
    ],
    [
      'a new one between brackets',
      ['steps', 'contact', 'with', 'mail'],
      'a@b',
      [
        '- with: { phone: "${{ call.from_number }}", limit: 1 }',
        '+ with: { phone: "${{ call.from_number }}", limit: 1, mail: a@b }',
      ],
    ],
    [
      'one taken away between brackets',
      ['steps', 'contact', 'with', 'phone'],
      undefined,
      ['- with: { phone: "${{ call.from_number }}", limit: 1 }', '+ with: { limit: 1 }'],
    ],
    ['a new line', ['steps', 'contact', 'cache'], '10m', ['+ cache: 10m']],
    ['a new line further in', ['steps', 'tickets', 'with', 'query', 'page'], 2, ['+ page: 2']],
    ['a line taken away', ['steps', 'contact', 'timeout'], undefined, ['- timeout: 2s']],
    [
      'a map over lines',
      ['steps', 'tickets', 'with', 'query'],
      { status: 'new' },
      ['- query:', '- status: open', '+ query: { status: new }'],
    ],
    [
      'a text over lines',
      ['steps', 'note', 'value'],
      'three',
      ['- value: |', '- one', '- two', '+ value: three'],
    ],
    [
      'an expression, plain where it may be',
      ['steps', 'note', 'value'],
      '${{ steps.contact.name }}',
      ['- value: |', '- one', '- two', '+ value: ${{ steps.contact.name }}'],
    ],
    ['what is inside nothing', ['steps', 'empty', 'with', 'a'], 1, ['+ with: { a: 1 }']],
    [
      'what is inside what is not there',
      ['steps', 'note', 'retry', 'max'],
      '9s',
      ['+ retry: { max: 9s }'],
    ],
    [
      'a list',
      ['steps', 'tickets', 'with', 'path'],
      ['a', 'b c'],
      ['- path: [tickets]   # the list', '+ path: [ a, b c ]   # the list'],
    ],
  ])('%s', (_, path, value, expected) => {
    expect(changes(setValue(TEXT, path, value))).toEqual(expected)
  })

  test('another name is given at its place', () => {
    expect(changes(renameKey(TEXT, ['steps', 'contact'], 'caller'))).toEqual([
      '- contact:',
      '+ caller:',
    ])
  })

  test('a text that is no YAML is left alone (Y2)', () => {
    expect(setValue('a: [', ['a'], 1)).toBeNull()
    expect(renameKey('a: [', ['a'], 'b')).toBeNull()
  })

  test('whatever is put in is read again as it was put in, and the rest as before (Y1)', () => {
    const paths = fc.constantFrom(
      ['workflow'],
      ['new'],
      ['steps', 'contact', 'with', 'phone'],
      ['steps', 'contact', 'with', 'new'],
      ['steps', 'contact', 'timeout'],
      ['steps', 'tickets', 'with'],
      ['steps', 'tickets', 'with', 'query', 'status'],
      ['steps', 'tickets', 'with', 'query', 'new'],
      ['steps', 'note', 'value'],
      ['steps', 'empty', 'with', 'new', 'deep'],
      ['respond', 'new'],
    )
    // As JSON has it: it knows no -0, which YAML does.
    const json = fc
      .jsonValue({ maxDepth: 3 })
      .map((value) => JSON.parse(JSON.stringify(value)) as Json)
    const values = fc.option(json, { nil: undefined })
    fc.assert(
      fc.property(paths, values, (path, value) => {
        const after = setValue(TEXT, path, value)
        const [wanted, read] = [structuredClone(parse(TEXT)), parse(after ?? '')]
        put(wanted, path, undefined)
        const given = path.reduce<unknown>((node, name) => get(node, name), read)
        expect(given).toEqual(value === undefined ? undefined : JSON.parse(JSON.stringify(value)))
        put(read, path, undefined)
        expect(prune(read)).toEqual(prune(wanted))
        expect(after).toContain('# who calls')
        // Spacing is lost where the document had to be written anew.
        expect(after).toContain('find   # reads')
      }),
    )
  })
})

const get = (node: unknown, name: string): unknown =>
  typeof node === 'object' && node !== null ? Reflect.get(node, name) : undefined

function put(root: unknown, path: readonly string[], value: unknown): void {
  const parent = path.slice(0, -1).reduce(get, root)
  if (typeof parent === 'object' && parent !== null) Reflect.set(parent, path.at(-1) ?? '', value)
}

/** Maps that hold nothing may be there or not. */
function prune(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(prune)
  if (typeof value !== 'object' || value === null) return value ?? undefined
  const kept = Object.entries(value)
    .map(([name, each]) => [name, prune(each)] as const)
    .filter(([, each]) => each !== undefined && each !== null)
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}
