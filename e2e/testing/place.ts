// Where one demo lives: a data folder of its own, ports of its own, and the key that its start made.
// It is started, killed and started again here; what it keeps is the folder's.
//
// L1. Whatever a test left is ended with the place: the demo, and the database of a killed one.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type Client } from '@bookend/sdk/client'
import { findFreePorts } from './free-ports.ts'
import { runNode, type Running } from './process.ts'

const CLI = 'packages/cli/bin/bookend.mjs'

export interface Place extends AsyncDisposable {
  readonly dataDir: string
  readonly url: string
  readonly deskUrl: string
  /** Starts the demo; resolves at once. */
  launch(script?: readonly string[]): Running
  /** Starts the demo and resolves when the server and the clinic are ready. */
  start(script?: readonly string[]): Promise<Running>
  /** The command line in a second terminal, as a user types it; resolves when it has ended. */
  bookend(...words: readonly string[]): Promise<{ readonly code: number | null; out: string }>
  key(): Promise<string>
  client(): Promise<Client>
}

/** @param more What the environment says besides. */
export async function openPlace(more: Readonly<Record<string, string>> = {}): Promise<Place> {
  const dataDir = await mkdtemp(join(tmpdir(), 'bookend-e2e-'))
  const [port, deskPort, mailPort] = await findFreePorts(3)
  const url = `http://127.0.0.1:${port}`
  const env = {
    BOOKEND_DATA_DIR: dataDir,
    PORT: String(port),
    CLINIC_DESK_PORT: String(deskPort),
    CLINIC_MAIL_PORT: String(mailPort),
    ...more,
  }
  const started: Running[] = []

  const launch = (script: readonly string[] = [CLI, 'demo']): Running => {
    const running = runNode(script, env)
    started.push(running)
    return running
  }
  const key = async (): Promise<string> => (await readFile(join(dataDir, 'cli.key'), 'utf8')).trim()
  return {
    dataDir,
    url,
    deskUrl: `http://127.0.0.1:${deskPort}`,
    launch,
    key,
    client: async () => createClient({ baseUrl: url, key: await key() }),
    async start(script) {
      const running = launch(script)
      await running.line(/^ready /)
      await running.line(/clinic ready/)
      return running
    },
    async bookend(...words) {
      const terminal = runNode([CLI, ...words], env)
      const { code } = await terminal.ended
      return { code, out: terminal.lines.join('\n') }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(started.map((running) => running.end('SIGTERM')))
      await endOrphan(dataDir)
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** A killed demo's database goes on until the next start; here there is none. */
async function endOrphan(dataDir: string): Promise<void> {
  const file = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number(file.split('\n')[0])
  if (!(pid > 1)) return
  try {
    process.kill(pid, 'SIGQUIT')
  } catch {
    return
  }
  for (let waitedMs = 0; waitedMs < 5_000 && isAlive(pid); waitedMs += 20) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
