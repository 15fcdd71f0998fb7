// What a word on the command line costs before it does anything: the modules that are read for it.

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const STATIC = /^(?:import|export) (?!type\b)[^'()]*?from '([^']+)'|^import '([^']+)'/gm

/** Packages that are imported from there by statement, not when a function is called. */
function packagesOf(file: string, seen = new Set<string>()): Set<string> {
  const found = new Set<string>()
  if (seen.has(file)) return found
  seen.add(file)
  for (const [, from, alone] of readFileSync(file, 'utf8').matchAll(STATIC)) {
    const name = from ?? alone ?? ''
    if (!name.startsWith('.')) found.add(name)
    else for (const one of packagesOf(join(dirname(file), name), seen)) found.add(one)
  }
  return found
}

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url))
const loadedBy = (file: string): string[] =>
  [...packagesOf(pathOf(file))].filter((name) => !name.startsWith('node:')).toSorted()

test('help, and a word that is no command, load neither the server nor the API (C3)', () => {
  expect(loadedBy('main.ts')).toEqual(['citty', 'picocolors'])
})

test.each(['init', 'check'])('bookend %s needs no server, and loads none to begin with', (name) => {
  expect(loadedBy(`commands/${name}.ts`)).toEqual(['citty'])
})

test('what asks a server loads its client alone', () => {
  expect(loadedBy('commands/runs.ts')).not.toContain('@bookend/server')
})
