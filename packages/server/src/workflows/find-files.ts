import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

export type WorkflowKind = 'pre-call' | 'journey'
export type WorkflowForm = 'typescript' | 'yaml'

const ENDING = /^(.+)\.(pre-call|journey)\.(ts|yaml|yml)$/

export interface WorkflowFile {
  readonly path: string
  /** Without its folder. */
  readonly file: string
  /** What its workflow must be called. */
  readonly stem: string
  readonly kind: WorkflowKind
  readonly form: WorkflowForm
}

/** The workflow files directly in a folder, by name; none in a folder that is not there. */
export async function findFiles(folder: string): Promise<readonly WorkflowFile[]> {
  const names = await readdir(folder).catch((error: unknown): string[] => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
  return names.sort().flatMap((file) => {
    const [, stem, kind, ending] = ENDING.exec(file) ?? []
    if (stem === undefined) return []
    const form = ending === 'ts' ? 'typescript' : 'yaml'
    return [{ path: join(folder, file), file, stem, kind: kind as WorkflowKind, form }]
  })
}

export const fileNameOf = (
  stem: string,
  kind: WorkflowKind,
  form: WorkflowForm = 'typescript',
): string => `${stem}.${kind}.${form === 'typescript' ? 'ts' : 'yaml'}`
