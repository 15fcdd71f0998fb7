// The log of the database: appended to by PostgreSQL itself, bounded when it starts.

import { open, rename, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from './error.ts'

const sizeMax = 10 * 1024 * 1024
const tailBytes = 4_096
const tailLines = 12

export interface LogFile {
  readonly path: string
  /** For the server's output. */
  readonly handle: FileHandle
  size(): Promise<number>
  /** The last lines written since it had this size. */
  tailSince(size: number): Promise<string>
  close(): Promise<void>
}

/** Opens `<data folder>/postgres.log`; one that has grown past 10 MB becomes `postgres.log.1`. */
export async function openLogFile(dataDir: string): Promise<LogFile> {
  const path = join(dataDir, 'postgres.log')
  if ((await sizeOf(path)) > sizeMax) await rename(path, `${path}.1`)
  const handle = await open(path, 'a+', 0o600)
  const size = async (): Promise<number> => (await handle.stat()).size
  return {
    path,
    handle,
    size,
    tailSince: async (start) => {
      const end = await size()
      const length = Math.min(tailBytes, Math.max(0, end - start))
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, end - length)
      return lastLines(buffer.toString('utf8', 0, bytesRead))
    },
    close: () => handle.close(),
  }
}

export function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-tailLines).join('\n')
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0
    throw error
  }
}
