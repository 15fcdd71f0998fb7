import { parseYamlWorkflow } from '@bookend/core/yaml'
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { connectors } from './index.ts'

const folder = new URL('../../../docs/connectors/', import.meta.url)
const pages = readdirSync(folder).filter((name) => name.endsWith('.md'))
const examples = pages.flatMap((page) => {
  const text = readFileSync(new URL(page, folder), 'utf8')
  return [...text.matchAll(/```yaml\n(workflow:[^]*?)```/g)].map(
    ([, yaml = '']) => [page, yaml] as const,
  )
})

describe('the pages of the connectors', () => {
  test('there is one for each, and it names each action', () => {
    expect(pages.map((page) => page.replace('.md', ''))).toEqual(
      expect.arrayContaining(Object.keys(connectors)),
    )
    for (const [id, { actions }] of Object.entries(connectors)) {
      // Its actions are in a guide of its own.
      if (id === 'postgres') continue
      const text = readFileSync(new URL(`${id}.md`, folder), 'utf8')
      const missing = Object.keys(actions).filter((name) => !text.includes(`\`${name}\``))
      expect([id, missing]).toEqual([id, []])
    }
  })

  test.each(examples)('%s shows a workflow that compiles', (_page, text) => {
    const parsed = parseYamlWorkflow(text, {
      file: null,
      catalog: connectors,
      connections: null,
      calendars: null,
      now: () => new Date(0),
    })
    expect(parsed.ok ? [] : parsed.problems).toEqual([])
  })
})
