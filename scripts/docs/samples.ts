// The samples of the documentation: the fenced blocks of its pages, and the commands in its text.
//
//   page ─▶ blocks, each with its place and what the comment before it says
//
// `<!-- fragment -->` before a block: part of something, and read by no test.
// `<!-- inside journey: crm=hubspot/main -->`: what stands in the `run` of a workflow with these
// connections; `pre-call` in place of `journey` for one before the call.
// `<!-- examples/…/x.journey.ts -->`: the text of that file.

import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Sample {
  /** From the root of the repository. */
  readonly page: string
  /** Of the fence; the code begins on the next one. */
  readonly line: number
  readonly language: string
  readonly code: string
  /** What the comment says; empty when there is none. */
  readonly mark: string
}

export const root = fileURLToPath(new URL('../../', import.meta.url))

const FOLDERS = ['concepts', 'connectors', 'guides', 'platforms', 'recipes', 'reference']

/** All pages that are for readers, from the root of the repository. */
export function listPages(): readonly string[] {
  const inFolders = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, 'docs', folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${folder}/${name}`),
  )
  return ['README.md', 'docs/index.md', ...inFolders]
}

export const readPage = (page: string): string => readFileSync(join(root, page), 'utf8')

export const readSamples = (page: string): readonly Sample[] => parseSamples(page, readPage(page))

function parseSamples(page: string, text: string): readonly Sample[] {
  const samples: Sample[] = []
  let open: { line: number; language: string; indent: number; mark: string; code: string[] } | null
  open = null
  let mark = ''
  for (const [index, line] of text.split('\n').entries()) {
    const [, indent = '', language = ''] = /^( *)```(.*)$/.exec(line) ?? []
    const isFence = line.trimStart().startsWith('```')
    if (open === null && isFence) {
      open = { line: index + 1, language, indent: indent.length, mark, code: [] }
    } else if (open !== null && isFence) {
      const { code, indent: _, ...said } = open
      samples.push({ page, ...said, code: `${code.join('\n')}\n` })
      open = null
      mark = ''
    } else if (open !== null) {
      open.code.push(line.slice(open.indent))
    } else if (line.trim() !== '') {
      mark = /^ *<!-- (.+) -->$/.exec(line)?.[1] ?? ''
    }
  }
  return samples
}

/** Where a reader finds it. */
export const placeOf = ({ page, line }: Sample): string => `${page}:${line}`
