import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findProgram, startProgram, type Program } from '../../testing/start-program.ts'

const run = promisify(execFile)

export const command = findProgram('mariadbd')
export const auth = { password: 'planted-secret-of-mariadb' }
const USER = 'bookend'

export interface Mariadb extends Program {
  readonly user: string
  /** The server's own client: gives rows as lines of columns, parted by tabs. */
  sql(text: string): Promise<string[][]>
}

export async function startMariadb(path: string): Promise<Mariadb> {
  const program = await startProgram({
    command: path,
    prepare: async ({ port, folder }) => {
      const data = join(folder, 'data')
      const common = ['--no-defaults', `--datadir=${data}`, '--user=root']
      await run('mariadb-install-db', [
        ...common,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
      ])
      return [
        ...common,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
        `--socket=${join(folder, 's')}`,
        `--pid-file=${join(folder, 'pid')}`,
        '--default-time-zone=+05:30',
        '--innodb-flush-log-at-trx-commit=0',
      ]
    },
  })
  const sql = async (text: string, database: readonly string[] = ['crm']): Promise<string[][]> => {
    const options = [
      '--no-defaults',
      '--default-character-set=utf8mb4',
      '-S',
      join(program.folder, 's'),
      '-u',
      'root',
      '-N',
      '-B',
    ]
    const { stdout } = await run('mariadb', [...options, '-e', text, ...database])
    return stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split('\t'))
  }
  await sql(
    `create database crm character set utf8mb4; create user ${USER}@'%' identified by '${auth.password}';
     grant all on crm.* to ${USER}@'%'`,
    [],
  )
  return { ...program, user: USER, sql }
}
