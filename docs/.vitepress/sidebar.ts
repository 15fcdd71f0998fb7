// Each page under its own heading: a page that is added to a folder is in the sidebar.

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { DefaultTheme } from 'vitepress'

const docs = fileURLToPath(new URL('..', import.meta.url))

/** In this order come first; the others follow by their titles. */
const groups: readonly { text: string; folder: string; first: readonly string[] }[] = [
  { text: 'Concepts', folder: 'concepts', first: ['index', 'pre-call', 'events', 'journeys'] },
  {
    text: 'Guides',
    folder: 'guides',
    first: [
      'run-it',
      'first-workflow',
      'pre-call-workflows',
      'yaml-workflows',
      'journeys',
      'testing-workflows',
      'backtest',
      'publish-workflows',
    ],
  },
  { text: 'Recipes', folder: 'recipes', first: ['index'] },
  { text: 'Voice platforms', folder: 'platforms', first: ['README'] },
  { text: 'Connectors', folder: 'connectors', first: [] },
  { text: 'Reference', folder: 'reference', first: ['api'] },
  { text: 'Decisions', folder: 'decisions', first: [] },
]

export function sidebar(): DefaultTheme.SidebarItem[] {
  return groups.map(({ text, folder, first }, index) => ({
    text,
    collapsed: index > 1,
    items: pagesOf(folder, first),
  }))
}

function pagesOf(folder: string, first: readonly string[]): DefaultTheme.SidebarItem[] {
  const pages = readdirSync(`${docs}${folder}`)
    .filter((file) => file.endsWith('.md'))
    .map((file) => {
      const name = file.slice(0, -'.md'.length)
      const place = first.indexOf(name)
      const link = `/${folder}/${/^(README|index)$/.test(name) ? '' : name}`
      return { text: titleOf(`${docs}${folder}/${file}`), link, place: place < 0 ? 1_000 : place }
    })
  return pages
    .toSorted((a, b) => a.place - b.place || a.text.localeCompare(b.text))
    .map(({ text, link }) => ({ text, link }))
}

function titleOf(path: string): string {
  const title = /^# (.+)$/m.exec(readFileSync(path, 'utf8'))?.[1]
  if (title === undefined) throw new Error(`${path} has no heading`)
  return title
}
