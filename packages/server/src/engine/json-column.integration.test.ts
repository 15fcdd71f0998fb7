import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asStored, jsonColumn } from './json-column.ts'
import { openScene, type Scene } from './testing/scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await openScene()
})
afterAll(() => scene[Symbol.asyncDispose]())

async function store(value: unknown): Promise<unknown> {
  const [row] = await scene.database.query<{ value: unknown }>('select $1::jsonb as value', [
    jsonColumn(value),
  ])
  return row?.value
}

test('what a run sees at first is, to the order of its keys, what it sees on a replay (X2)', async () => {
  const value = {
    long_name: 1,
    b: [{ zz: 1, z: 2, é: 3, aé: 4 }],
    a: { 10: 1, 9: 2, aa: 3 },
    'a\u{1F600}': -0,
  }
  expect(JSON.stringify(asStored(value))).toBe(JSON.stringify(await store(value)))
  const key = fc.string({ unit: 'binary', maxLength: 6 }).filter((text) => !text.includes('\0'))
  const { tree } = fc.letrec((tie) => ({
    leaf: fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.string({ unit: 'binary' }),
      fc.constant(null),
    ),
    tree: fc.oneof(
      { depthSize: 'small' },
      tie('leaf'),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 6 }),
    ),
  }))
  await fc.assert(
    fc.asyncProperty(tree, async (one) => {
      expect(JSON.stringify(asStored(one))).toBe(JSON.stringify(await store(one)))
    }),
    { numRuns: 300 },
  )
})
