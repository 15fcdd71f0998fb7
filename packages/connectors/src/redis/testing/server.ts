import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findProgram, startProgram, type Program } from '../../testing/start-program.ts'

const run = promisify(execFile)

export const command = findProgram('redis-server')

export const PASSWORD = 'planted-secret-of-redis'
/** May read, and do nothing else. */
export const READER = 'reader'

export interface RedisServer extends Program {
  /** By the server's own client, as somebody who may do anything. */
  cli(...args: readonly string[]): Promise<string>
}

export async function startRedis(path: string): Promise<RedisServer> {
  const program = await startProgram({
    command: path,
    prepare: async ({ port, folder }) => {
      const file = join(folder, 'redis.conf')
      const lines = [
        `port ${port}`,
        'bind 127.0.0.1',
        'save ""',
        `requirepass ${PASSWORD}`,
        `user ${READER} on >${PASSWORD} ~* +@read +ping`,
      ]
      await writeFile(file, lines.join('\n'))
      return [file]
    },
  })
  const cli = async (...args: readonly string[]): Promise<string> => {
    const own = ['-p', String(program.port), '-a', PASSWORD, '--no-auth-warning', ...args]
    const { stdout } = await run('redis-cli', own)
    return stdout.trimEnd()
  }
  return { ...program, cli }
}
