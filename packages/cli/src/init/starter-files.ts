// The files of a new folder, as they lie in `templates/`, by where they go.

import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface StarterFile {
  /** From the new folder, with slashes. */
  readonly path: string
  readonly text: string
}

export const starterDir = fileURLToPath(new URL('../../templates/starter', import.meta.url))
/** What installing and running leave behind in a checkout. */
const LEFT_BEHIND = new Set(['node_modules', '.bookend'])

export function readStarter(packageName: string): readonly StarterFile[] {
  return listFiles(starterDir).map((path) => {
    const text = readFileSync(join(starterDir, path), 'utf8')
    // npm leaves a file of that name out of a package, so it goes by another one until here.
    if (path === 'gitignore') return { path: '.gitignore', text }
    return { path, text: path === 'package.json' ? rename(text, packageName) : text }
  })
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !LEFT_BEHIND.has(path.split('/')[0] ?? ''))
    .toSorted()
}

const rename = (text: string, name: string): string =>
  `${JSON.stringify({ ...(JSON.parse(text) as object), name }, null, 2)}\n`

/** A folder's name as npm takes one for a package. */
export function packageNameOf(folder: string): string {
  const name = folder
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[-._]+|[-._]+$/g, '')
  return name === '' ? 'bookend-starter' : name.slice(0, 100)
}
