import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { HostLine } from './embedded-host.ts'

export interface EmbeddedChild extends AsyncDisposable {
  readonly pid: number | undefined
  /** Ids that the database has acknowledged so far. */
  readonly stored: readonly number[]
  /** Resolves at the first line that satisfies `isWanted`; rejects when the process ends before. */
  until(isWanted: (line: HostLine) => boolean): Promise<HostLine>
  /** Sends SIGKILL and resolves when the process is gone and its last line has been read. */
  kill(): Promise<void>
  /** Resolves with standard error once the process has ended. */
  ended(): Promise<string>
}

export interface EmbeddedChildOptions {
  /** Runs as this account; only root can ask for that. */
  readonly uid?: number
  /** An empty folder in which this process alone sees the repository; only root can ask for that. */
  readonly repositoryAt?: string
}

const repository = fileURLToPath(new URL('../../../../', import.meta.url))
const script = relative(repository, fileURLToPath(new URL('embedded-host.ts', import.meta.url)))

/** Runs `embedded-host.ts` on a data folder. */
export function embeddedChild(dataDir: string, options: EmbeddedChildOptions = {}): EmbeddedChild {
  const { uid, repositoryAt = repository } = options
  const identity =
    uid === undefined ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--']
  // The mount is seen by this process and its children only, and goes with them.
  const mount = 'mount --bind "$0" "$1" && cd "$1" && shift && exec "$@"'
  const place =
    repositoryAt === repository
      ? []
      : ['unshare', '--mount', 'sh', '-c', mount, repository, repositoryAt]
  const loader = ['--conditions=@bookend/source', '--import', 'tsx']
  const node = [process.execPath, ...loader, join(repositoryAt, script), dataDir]
  const [command = process.execPath, ...args] = [...place, ...identity, ...node]
  const child = spawn(command, args, { cwd: repository, stdio: ['ignore', 'pipe', 'pipe'] })

  const stored: number[] = []
  const waiting = new Set<(line: HostLine) => void>()
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk))
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (text) => {
    // A line cut short by the kill acknowledges nothing.
    if (!text.endsWith('}')) return
    const line = JSON.parse(text) as HostLine
    if (line.kind === 'stored') stored.push(line.id)
    for (const look of waiting) look(line)
  })
  const ended = Promise.all([once(child, 'close'), once(lines, 'close')]).then(() => errors)
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  return {
    pid: child.pid,
    stored,
    kill,
    ended: () => ended,
    until: (isWanted) =>
      new Promise((resolve, reject) => {
        waiting.add(function look(line) {
          if (!isWanted(line)) return
          waiting.delete(look)
          resolve(line)
        })
        void ended.then((text) => reject(new Error(`The process ended: ${text}`)))
      }),
    [Symbol.asyncDispose]: kill,
  }
}
