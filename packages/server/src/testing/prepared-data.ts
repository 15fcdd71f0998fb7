import { afterAll } from 'vitest'
import { startEmbeddedPostgres } from '../embedded/postgres.ts'
import { temporaryFolder, type TemporaryFolder } from './temporary-folder.ts'

let prepared: Promise<TemporaryFolder> | undefined

/**
 * A data folder in which the first start has already happened, for tests that are about a later one.
 * All tests of a file get the same, one after the other, and leave no server running on it.
 */
export async function preparedData(): Promise<string> {
  prepared ??= prepare()
  return (await prepared).path
}

async function prepare(): Promise<TemporaryFolder> {
  const folder = await temporaryFolder()
  const settings = { fsync: 'off' }
  const options = { dataDir: folder.path, log: () => undefined, settings }
  const postgres = await startEmbeddedPostgres(options)
  await postgres.stop()
  return folder
}

afterAll(async () => {
  const folder = await prepared
  await folder?.[Symbol.asyncDispose]()
})
