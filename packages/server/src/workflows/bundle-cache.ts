// Bundles that need not be made again: none of the texts that went into them has changed.
//
//   file ─▶ stamps of its inputs, as they were and as they are ─▶ the module on disk, or the bundler
//
// A damaged or foreign note is no note: everything is then bundled, which is only slower.

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { type Bundle, bundle, bundlerStamp } from './bundle.ts'
import type { ModuleFiles } from './module-files.ts'

export interface Source {
  readonly path: string
  /** What its module file is called, before the version. */
  readonly name: string
}

export type BundledModule = Pick<Bundle, 'code' | 'version'>

const Note = z.object({
  bundler: z.literal(bundlerStamp),
  files: z.record(
    z.string(),
    z.object({ version: z.string(), inputs: z.record(z.string(), z.string()) }),
  ),
})
type Files = z.output<typeof Note>['files']

/**
 * Bundles by path; `file` names the note, so that two callers do not overwrite each other's.
 *
 * @throws {WorkflowError} Some of them cannot be bundled; the message has a line for each fault.
 */
export async function bundleAll(
  sources: readonly Source[],
  modules: ModuleFiles,
  noteFile: string,
): Promise<ReadonlyMap<string, BundledModule>> {
  const stampOf = createStamper()
  const noted = await modules.readNote(noteFile, parseNote)
  const bundled = new Map<string, BundledModule>()
  const files: Files = {}
  for (const { path, name } of sources) {
    const note = noted?.[path]
    if (note === undefined || !(await isFresh(note.inputs, stampOf))) continue
    const code = await modules.read(name, note.version)
    if (code === null) continue
    bundled.set(path, { code, version: note.version })
    files[path] = note
  }
  const stale = sources.map(({ path }) => path).filter((path) => !bundled.has(path))
  if (stale.length === 0) return bundled
  // Before they are read by the bundler: what is saved meanwhile must not pass for bundled.
  await Promise.all(stale.map((path) => stampOf(path).catch(() => null)))
  for (const [path, fresh] of await bundle(stale)) {
    const stamps = fresh.inputs.map(async (input) => [input, await stampOf(input)] as const)
    files[path] = { version: fresh.version, inputs: Object.fromEntries(await Promise.all(stamps)) }
    bundled.set(path, fresh)
  }
  await modules.write(noteFile, JSON.stringify({ bundler: bundlerStamp, files }))
  return bundled
}

type Stamper = (path: string) => Promise<string>

/** By content: modification times survive neither an image build nor a restored volume. */
function createStamper(): Stamper {
  const known = new Map<string, Promise<string>>()
  const stamp = async (path: string): Promise<string> =>
    createHash('sha256')
      .update(await readFile(path))
      .digest('base64url')
  return (path) => {
    const found = known.get(path) ?? stamp(path)
    known.set(path, found)
    return found
  }
}

async function isFresh(inputs: Readonly<Record<string, string>>, stampOf: Stamper) {
  const same = Object.entries(inputs).map(
    async ([path, stamp]) => (await stampOf(path).catch(() => null)) === stamp,
  )
  return (await Promise.all(same)).every(Boolean)
}

function parseNote(text: string): Files | null {
  try {
    return Note.parse(JSON.parse(text)).files
  } catch {
    return null
  }
}
