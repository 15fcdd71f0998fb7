// The server inside this process: loaded when a command needs it, closed within the time promised.

import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { RunningServer } from '@bookend/server'
import type { Io } from './terminal/io.ts'

const CLOSE_WITHIN_MS = 10_000
const EXIT_AFTER_MS = 3_500

/** Loaded only by the commands that run a server: it takes most of a second. */
export const loadServer = () => import('@bookend/server')

export async function openServer(
  env: NodeJS.ProcessEnv,
  io: Pick<Io, 'print'>,
  signal: AbortSignal,
): Promise<RunningServer> {
  const server = await loadServer()
  const dashboardDir = findDashboard()
  return server.startServer({
    env,
    print: (line) => io.print(line),
    signal,
    ...(dashboardDir === null ? {} : { dashboardDir }),
  })
}

/** The built dashboard of a checkout; null where there is none beside this package. */
function findDashboard(): string | null {
  const folder = fileURLToPath(new URL('../../dashboard/dist', import.meta.url))
  return existsSync(`${folder}/index.html`) ? folder : null
}

/** Whether it closed in time. If not, the process ends by itself, whatever is still open. */
export async function closeInTime(server: RunningServer, io: Io): Promise<boolean> {
  io.print('stopping: nothing new is taken, what runs is finished')
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), CLOSE_WITHIN_MS)
  })
  const closed = await Promise.race([server.close().then(() => true as const), late])
  clearTimeout(timer)
  if (closed) io.print('stopped')
  else {
    io.complain(`bookend: not everything stopped within ${CLOSE_WITHIN_MS / 1_000} s; ending`)
    // What is still open would keep the process; a short while is left for what else is to close.
    setTimeout(() => process.exit(1), EXIT_AFTER_MS).unref()
  }
  return closed
}
