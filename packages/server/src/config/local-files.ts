// What the data folder keeps beside the database: the secret key, and the key of the local command
// line. Both are readable by their owner alone, and written whole or not at all.

import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { secretKeyBytes } from '../secrets/secrets.ts'
import { ConfigError } from './config.ts'

const secretKeyFile = (dataDir: string): string => join(dataDir, 'secret.key')
const cliKeyFile = (dataDir: string): string => join(dataDir, 'cli.key')

/** The secret keys of this data folder, the current one first; one is made if it has none. */
export async function readOrMakeSecretKeys(
  dataDir: string,
): Promise<readonly [Uint8Array, ...Uint8Array[]]> {
  const path = secretKeyFile(dataDir)
  const stored = await readIfThere(path)
  if (stored === null) {
    const fresh = randomBytes(secretKeyBytes)
    await writeSecretKeys(path, [fresh])
    return [fresh]
  }
  const keys = stored
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => Buffer.from(line, 'base64'))
  const [current, ...previous] = keys
  if (current !== undefined && keys.every((key) => key.length === secretKeyBytes)) {
    return [current, ...previous]
  }
  throw new ConfigError([`${path} does not hold 32 bytes in base64; restore it from a backup`])
}

/** A new current key; those before stay below it, for backups and for what is not sealed anew yet. */
export async function addSecretKey(dataDir: string): Promise<Uint8Array> {
  const before = await readOrMakeSecretKeys(dataDir)
  const fresh = randomBytes(secretKeyBytes)
  await writeSecretKeys(secretKeyFile(dataDir), [fresh, ...before])
  return fresh
}

const writeSecretKeys = (path: string, keys: readonly Uint8Array[]): Promise<void> =>
  writePrivately(path, keys.map((key) => `${Buffer.from(key).toString('base64')}\n`).join(''))

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
