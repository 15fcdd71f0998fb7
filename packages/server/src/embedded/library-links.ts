// The names under which the PostgreSQL libraries look for each other (`libpq.so.5` for
// `libpq.so.5.17`). npm packages hold no links, so the package lists them and a script would make
// them at installation; here they are made at the first start, wherever that script did not run.

import { chmod, mkdir, readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { isReadOnly } from './error.ts'
import { placeLink } from './place-link.ts'

interface LibraryLink {
  /** The file that is there. */
  readonly source: string
  /** The name that is needed. */
  readonly target: string
}

/**
 * Makes the missing links, in the package when it can be written. Otherwise `fallback` is filled with
 * links to all libraries and returned, to be searched first: a library finds its neighbours in the
 * folder through which it was found itself, so that folder has to be complete.
 */
export async function prepareLibraries(
  packageRoot: string,
  fallback: string,
): Promise<string | undefined> {
  const missing = await missingLinks(packageRoot)
  try {
    for (const { source, target } of missing) {
      await placeLink(target, relative(dirname(target), source))
    }
    return undefined
  } catch (error) {
    if (!isReadOnly(error)) throw error
  }
  await mkdir(fallback, { recursive: true })
  await chmod(fallback, 0o755)
  const folder = join(packageRoot, 'native', 'lib')
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isFile()) await placeLink(join(fallback, entry.name), join(folder, entry.name))
  }
  for (const { source, target } of await listedLinks(packageRoot)) {
    await placeLink(join(fallback, basename(target)), source)
  }
  return fallback
}

/** The listed links that are not there, or lead nowhere. */
async function missingLinks(packageRoot: string): Promise<LibraryLink[]> {
  const links = await listedLinks(packageRoot)
  const there = await Promise.all(links.map(({ target }) => exists(target)))
  return links.filter((_, index) => there[index] === false)
}

async function listedLinks(packageRoot: string): Promise<LibraryLink[]> {
  const list = join(packageRoot, 'native', 'pg-symlinks.json')
  return parseLinks(JSON.parse(await readFile(list, 'utf8'))).map(({ source, target }) => ({
    source: join(packageRoot, source),
    target: join(packageRoot, target),
  }))
}

export function parseLinks(list: unknown): LibraryLink[] {
  if (!Array.isArray(list)) throw new TypeError('pg-symlinks.json is not a list')
  return list.map((link: unknown) => {
    if (typeof link === 'object' && link !== null && 'source' in link && 'target' in link) {
      const { source, target } = link
      if (typeof source === 'string' && typeof target === 'string') return { source, target }
    }
    throw new TypeError('pg-symlinks.json holds an entry without source and target')
  })
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}
