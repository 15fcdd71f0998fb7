import { parseConfig } from '../config/config.ts'
import { createLog } from '../log.ts'
import { openStorage } from './open-storage.ts'

/**
 * Brings the database to this version's schema and ends, for those who migrate before they roll out.
 *
 * @throws {BookendError} It cannot be migrated from here; the message is for the person who asked.
 */
export async function migrateServer(
  env: NodeJS.ProcessEnv,
  print: (line: string) => void,
): Promise<void> {
  const config = parseConfig(env)
  const storage = await openStorage({ config, log: createLog(config.logLevel), print })
  await storage[Symbol.asyncDispose]()
  print('the schema is up to date')
}
