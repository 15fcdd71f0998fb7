// A server for whoever writes workflows: its own database, the dashboard, what is saved taken over,
// and the calls as they come.
//
//   server ─▶ agents, where there is none ─▶ calls on lines, keys ─▶ signal ─▶ stopped
//
// V1. It listens on this machine alone, unless told otherwise; private addresses may be asked.
// V2. Where nobody sits at a terminal there are the same lines, and no keys.

import { createClient } from '@bookend/sdk/client'
import type { RunningServer } from '@bookend/server'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import { command } from '../command.ts'
import { type Connection, readLocalKey } from '../connection.ts'
import { renderArrival, renderProgress } from '../dev/call-line.ts'
import { openDesk } from '../dev/desk.ts'
import { makeFirstAgents } from '../dev/first-agents.ts'
import { followCalls } from '../dev/follow-calls.ts'
import { explainError } from '../explain-error.ts'
import { readEnv } from '../read-env.ts'
import { closeInTime, openServer } from '../server.ts'
import { listenForStop } from '../stop-signal.ts'
import type { Io } from '../terminal/io.ts'

export const dev = command({
  description: 'Run the server on a folder of workflows, and take over what is saved there',
  args: {
    folder: {
      type: 'positional',
      default: '.',
      valueHint: 'folder',
      description: 'Holds workflows/ and bookend.config.ts',
    },
  },
  examples: ['bookend dev', 'bookend dev my-calls', 'PORT=4500 bookend dev'],
  async run({ folder }, io) {
    using stop = listenForStop()
    const server = await openServer(envOf(resolve(io.cwd, folder), io), io, stop.signal).catch(
      (error: unknown) => {
        if (stop.signal.aborted) return null
        throw error
      },
    )
    if (server === null) return 0
    const watching = watch(server, resolve(io.cwd, folder), io, stop.signal)
    await stop.requested
    await watching
    return (await closeInTime(server, io)) ? 0 : 1
  },
})

function envOf(folder: string, { env, cwd }: Io): NodeJS.ProcessEnv {
  const chosen = readEnv(env, 'BOOKEND_WORKFLOWS')
  const workflows = chosen === undefined ? join(folder, 'workflows') : resolve(cwd, chosen)
  if (!existsSync(workflows)) {
    throw new CliError(`There is no folder ${workflows}`, [
      'Make one to start from with: bookend init my-calls',
    ])
  }
  return {
    BOOKEND_WATCH: 'true',
    BOOKEND_ALLOW_PRIVATE_TARGETS: 'true',
    BOOKEND_DATA_DIR: join(folder, '.bookend'),
    ...env,
    BOOKEND_WORKFLOWS: workflows,
  }
}

/** Resolves when it is called off. */
async function watch(
  server: RunningServer,
  folder: string,
  io: Io,
  signal: AbortSignal,
): Promise<void> {
  const key = readEnv(io.env, 'BOOKEND_API_KEY') ?? server.firstKey ?? readLocalKey(server.dataDir)
  if (key === null) {
    io.complain('bookend: no key for this server, so its calls are not listed here')
    io.complain('  Set BOOKEND_API_KEY to an admin key of this data folder, and start again.')
    return
  }
  const { url } = server
  const connection: Connection = { url, client: createClient({ baseUrl: url, key }) }
  await introduce(connection, io)
  const closeDesk = openDesk({ connection, folder, io, signal })
  await followCalls({
    client: connection.client,
    signal,
    onArrival: (call) => io.print(renderArrival(call, new Date(), io.style)),
    onProgress: (call) => io.print(renderProgress(call, new Date(), io.style)),
  })
  closeDesk()
}

async function introduce({ client }: Connection, io: Io): Promise<void> {
  try {
    for (const { workflow, number } of await makeFirstAgents(client)) {
      io.print(`${number} is answered by an agent of ${workflow}`)
    }
  } catch (error) {
    for (const line of explainError(error)) io.complain(`bookend: ${line}`)
  }
}
