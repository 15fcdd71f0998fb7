// A real server for a test, on a free port and with its data in a folder of its own.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

export interface Program extends AsyncDisposable {
  readonly port: number
  readonly folder: string
  /** Ends it as a crash does. */
  kill(): Promise<void>
}

export interface ProgramOptions {
  /** Its path, as `findProgram` gave it. */
  readonly command: string
  /** Prepares the folder, and says how the program is called. */
  readonly prepare: (place: {
    readonly port: number
    readonly folder: string
  }) => Promise<readonly string[]> | readonly string[]
}

const START_MS = 30_000
const ROUND_MS = 50

/** Null, and a line on the terminal that says so, where it is not installed. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  const found = folders.map((folder) => join(folder, name)).find(isExecutable)
  if (found === undefined) process.stderr.write(`${name} is not installed; its tests are skipped\n`)
  return found ?? null
}

export async function startProgram({ command, prepare }: ProgramOptions): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'bookend-program-'))
  const port = await freePort()
  const said: string[] = []
  const child = spawn(command, await prepare({ port, folder }), {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => {
      said.push(bytes.toString())
      if (said.length > 100) said.shift()
    })
  }
  const ended = once(child, 'close')
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null
  const kill = async (): Promise<void> => {
    if (!isOver()) child.kill('SIGKILL')
    await ended
  }
  const endsAtMs = performance.now() + START_MS
  while (!(await isListening(port))) {
    if (isOver() || performance.now() > endsAtMs) {
      await kill()
      throw new Error(`${command} does not listen:\n${said.join('').slice(-2_000)}`)
    }
  }
  return {
    port,
    folder,
    kill,
    async [Symbol.asyncDispose]() {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    // A refusal comes at once: the next round waits a moment.
    socket.on('error', () => setTimeout(resolve, ROUND_MS, false))
  })
