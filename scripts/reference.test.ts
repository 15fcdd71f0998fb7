import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { pages, pathOf } from './reference.ts'

test.each(Object.entries(pages))(
  'docs/reference/%s is what the schemas say',
  async (page, render) => {
    expect(await readFile(pathOf(page), 'utf8')).toBe(render())
  },
)
