import { readdir, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { recipePages, renderRecipes } from './recipes.ts'

const pages = await recipePages()

test.each(pages.map((page) => [basename(page), page]))(
  'docs/recipes/%s shows its files as they are',
  async (_, page) => {
    expect(await readFile(page, 'utf8')).toBe(await renderRecipes(page))
  },
)

test('every recipe is shown once in both forms', async () => {
  const texts = await Promise.all(pages.map((page) => readFile(page, 'utf8')))
  const shown = texts.flatMap((text) =>
    [...text.matchAll(/<!-- (examples\/recipes\/.+) -->/g)].map(([, file = '']) => file),
  )
  const files = await Promise.all(
    ['typescript', 'yaml'].map(async (form) => {
      const names = await readdir(new URL(`../examples/recipes/${form}/`, import.meta.url))
      return names.map((name) => `examples/recipes/${form}/${name}`)
    }),
  )
  expect(shown.toSorted()).toEqual(files.flat().toSorted())
})
