import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

const SUFFIXES = { 'pre-call': '.pre-call.ts', journey: '.journey.ts' } as const

export interface WorkflowFile {
  readonly path: string
  /** Without its folder. */
  readonly file: string
  /** What its workflow must be called. */
  readonly stem: string
  readonly kind: keyof typeof SUFFIXES
}

/** The workflow files directly in a folder, by name; none in a folder that is not there. */
export async function findFiles(folder: string): Promise<readonly WorkflowFile[]> {
  const names = await readdir(folder).catch((error: unknown): string[] => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
  return names.sort().flatMap((file) => {
    const kind = file.endsWith(SUFFIXES['pre-call']) ? 'pre-call' : 'journey'
    if (!file.endsWith(SUFFIXES[kind])) return []
    const stem = file.slice(0, -SUFFIXES[kind].length)
    return stem === '' ? [] : [{ path: join(folder, file), file, stem, kind }]
  })
}

export const fileNameOf = (stem: string, kind: WorkflowFile['kind']): string =>
  stem + SUFFIXES[kind]
