// A text in YAML from a file of this machine, and what a server finds wrong with it.

import { ApiError } from '@bookend/sdk/client'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import type { Io } from '../terminal/io.ts'

const PLACE = /^\d+:\d+$/

/** @throws {CliError} It cannot be read. */
export async function readSource(file: string, { cwd }: Io): Promise<string> {
  try {
    return await readFile(resolve(cwd, file), 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    const reason = code === 'ENOENT' ? 'it is not there' : String(code)
    throw new CliError(`${file} cannot be read: ${reason}`, [], { cause: error })
  }
}

/** A refused text in the words of a compiler, `file:line:column`; any other error as it is. */
export function explainFaults(error: unknown, file: string): unknown {
  const errors = error instanceof ApiError ? (error.problem?.errors ?? []) : []
  if (errors.length === 0 || !errors.every(({ path }) => PLACE.test(path))) return error
  return new CliError(
    `${file} is not a workflow`,
    errors.map(({ path, message }) => `${file}:${path} ${message}`),
  )
}
