// Bundled modules on disk, where the runtime can import them.
//
// M1. A file is whole or absent: it is written under another name first.
// M2. What is imported has the hash that it is named by; anything else is written anew.

import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { versionOf } from './bundle.ts'

/** Below the data folder. */
export const MODULES_FOLDER = 'workflows'

export class ModuleFiles {
  readonly #folder: string
  /** What this process has seen to be as it should. */
  readonly #seen = new Set<string>()

  constructor(dataDir: string) {
    this.#folder = join(dataDir, MODULES_FOLDER)
  }

  /** The module's text; null when it is not there as it was written. */
  async read(name: string, version: string): Promise<string | null> {
    const path = this.#pathOf(name, version)
    const code = await readFile(path, 'utf8').catch(() => null)
    if (code === null || versionOf(code) !== version) return null
    this.#seen.add(path)
    return code
  }

  /** Where the module is; it is written first if it is not there. */
  async keep(name: string, version: string, code: string): Promise<string> {
    const path = this.#pathOf(name, version)
    const isThere = this.#seen.has(path) || (await this.read(name, version)) !== null
    if (!isThere) await this.write(`${name}-${version}.mjs`, code)
    return path
  }

  /** Everything a kept module exports; rejects with what its code throws. */
  load(path: string): Promise<Record<string, unknown>> {
    return import(pathToFileURL(path).href)
  }

  async write(file: string, content: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const path = join(this.#folder, file)
    const draft = `${path}.${randomUUID()}.tmp`
    await writeFile(draft, content, { mode: 0o600 })
    await rename(draft, path)
  }

  /** What `write` left under that name, as `parse` reads it; null when there is nothing. */
  async readNote<T>(file: string, parse: (text: string) => T | null): Promise<T | null> {
    const text = await readFile(join(this.#folder, file), 'utf8').catch(() => null)
    return text === null ? null : parse(text)
  }

  #pathOf(name: string, version: string): string {
    return join(this.#folder, `${name}-${version}.mjs`)
  }
}
