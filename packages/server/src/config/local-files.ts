// What the data folder keeps beside the database: the secret key, and the key of the local command
// line. Both are readable by their owner alone, and written whole or not at all.

import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { secretKeyBytes } from '../secrets/secrets.ts'
import { ConfigError } from './config.ts'

const secretKeyFile = (dataDir: string): string => join(dataDir, 'secret.key')
const cliKeyFile = (dataDir: string): string => join(dataDir, 'cli.key')

/** The secret key of this data folder, made if it has none. */
export async function readOrMakeSecretKey(dataDir: string): Promise<Uint8Array> {
  const path = secretKeyFile(dataDir)
  const stored = await readIfThere(path)
  if (stored === null) {
    const fresh = randomBytes(secretKeyBytes)
    await writePrivately(path, `${fresh.toString('base64')}\n`)
    return fresh
  }
  const key = Buffer.from(stored.trim(), 'base64')
  if (key.length === secretKeyBytes) return key
  throw new ConfigError([`${path} does not hold 32 bytes in base64; restore it from a backup`])
}

export const readCliKey = async (dataDir: string): Promise<string | null> =>
  (await readIfThere(cliKeyFile(dataDir)))?.trim() ?? null

export const writeCliKey = (dataDir: string, key: string): Promise<void> =>
  writePrivately(cliKeyFile(dataDir), `${key}\n`)

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

async function writePrivately(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${process.pid}.new`
  const file = await open(draft, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
}
