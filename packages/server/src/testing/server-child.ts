import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface ServerChild extends AsyncDisposable {
  readonly url: string
  /** Everything it printed and logged so far. */
  said(): string
  /** Resolves with the signal that ended the process, when it is gone. */
  readonly ended: Promise<NodeJS.Signals | null>
  /** Resolves when the process is gone. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
}

const repository = fileURLToPath(new URL('../../../../', import.meta.url))
const script = fileURLToPath(new URL('server-host.ts', import.meta.url))

/** Runs `server-host.ts`; resolves when its server is ready. */
export async function serverChild(env: Readonly<Record<string, string>>): Promise<ServerChild> {
  const args = ['--conditions=@bookend/source', '--import', 'tsx', script, JSON.stringify(env)]
  const child = spawn(process.execPath, args, {
    cwd: repository,
    // What is read before a server is started, such as where it is to crash, is there as well.
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk))
  const lines = createInterface({ input: child.stdout })
  const ended = once(child, 'close')
  const url = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      said += `${line}\n`
      if (line.startsWith('ready ')) resolve(line.slice('ready '.length))
    })
    void ended.then(() => reject(new Error(`The server ended before it was ready: ${said}`)))
  })
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    child.kill(signal)
    await ended
  }
  const died = ended.then(([, signal]) => signal as NodeJS.Signals | null)
  return { url, said: () => said, ended: died, end, [Symbol.asyncDispose]: () => end('SIGKILL') }
}
