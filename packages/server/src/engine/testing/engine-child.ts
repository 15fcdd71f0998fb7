import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { HostOptions } from './host-journeys.ts'

export interface EngineChild extends AsyncDisposable {
  /** Resolves once this line was said; rejects when the process ends before. */
  until(line: string): Promise<void>
  /** Stops the process where it stands, without ending it. */
  pause(): void
  resume(): void
  /** Resolves when the process is gone. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
  /** Resolves when the process has ended by itself. */
  readonly ended: Promise<unknown>
}

const repository = fileURLToPath(new URL('../../../../../', import.meta.url))
const script = fileURLToPath(new URL('engine-host.ts', import.meta.url))

/** Runs `engine-host.ts`; resolves when its engine is ready. */
export async function engineChild(
  databaseUrl: string,
  options: Partial<HostOptions> = {},
): Promise<EngineChild> {
  const host: HostOptions = { databaseUrl, versions: ['v1'], slow: 'left', ...options }
  const args = ['--conditions=@bookend/source', '--import', 'tsx', script, JSON.stringify(host)]
  const child = spawn(process.execPath, args, {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = new Set<string>()
  const waiting = new Set<() => void>()
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk))
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => {
    said.add(line)
    for (const look of waiting) look()
  })
  const ended = Promise.all([once(child, 'close'), once(lines, 'close')])
  const until = (line: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!said.has(line)) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
      void ended.then(() => reject(new Error(`The process ended before "${line}": ${errors}`)))
    })
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    child.kill(signal)
    await ended
  }
  await until('ready')
  return {
    until,
    end,
    ended,
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    [Symbol.asyncDispose]: () => end('SIGKILL'),
  }
}
