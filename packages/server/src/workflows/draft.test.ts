import { WorkflowError } from '@bookend/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { draftOf } from './testing/loaded.ts'
import { greet, linger } from './testing/published.ts'

test('a draft is the version that it is when it is published', () => {
  const [unix, windows] = [greet('Hi'), greet('Hi').replaceAll('\n', '\r\n')]
  const versions = [unix, windows].map((text) => {
    const draft = draftOf('intake', text)
    return draft.kind === 'valid' ? draft.workflow.version : draft
  })
  expect(versions[0]).toMatch(/^[0-9a-f]{16}$/)
  expect(versions[1]).toBe(versions[0])
})

const TEXTS = [greet('${{ call.from_number }}'), linger('x')]
const PIECES = [
  ...TEXTS.flatMap((text) => text.split(/(?<=[\n:{}" ])/)),
  ...'&a *a !!js/function << | > - ? " \' ${{ }} [ { # % --- __proto__: 0x1F .nan ~'.split(' '),
  '\t',
  '\n',
  '\u0000',
  '\u2028',
  '\ud800',
  ' '.repeat(40),
]

const typed = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 80 }).map((pieces) => pieces.join('')),
  fc
    .tuple(fc.constantFrom(...TEXTS), fc.nat(), fc.nat(20), fc.constantFrom('', ...PIECES))
    .map(([text, at, length, piece]) => {
      const start = at % text.length
      return text.slice(0, start) + piece + text.slice(start + length)
    }),
)

test('whatever is typed, there is a verdict with its place (E11)', () => {
  const property = fc.property(typed, (source) => {
    const draft = draftOf('intake', source)
    if (draft.kind === 'valid') return true
    return (
      draft.problems.length > 0 &&
      draft.problems.every(({ line, column }) => line > 0 && column > 0)
    )
  })
  expect(() => fc.assert(property, { numRuns: 2_000 })).not.toThrow()
})

test('a connection that is gone by now is a fault of the draft', () => {
  const check = (): never => {
    throw new WorkflowError('Workflow "intake" uses connections that are not configured')
  }
  expect(draftOf('intake', greet('Hi'), { names: () => null, check })).toMatchObject({
    kind: 'faulty',
    problems: [{ path: 'connections', message: expect.stringContaining('not configured') }],
  })
})
