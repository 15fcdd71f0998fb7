// Holds a data folder for one living Bookend process.
//
//   <data folder>/lock/<generation>/socket
//
// The owner listens on the socket of the highest generation. The kernel closes that socket with the
// process, however it ends, so no process id is trusted and none can be confused with a later one.
//
// L1. A generation appears whole: its folder is renamed into place with the socket already
//     listening, and a rename onto a folder that is not empty fails. One contender gets it.
// L2. The highest generation is never removed, so the highest number only grows. Whoever took g+1
//     after seeing g dead, and still sees g+1 as the highest, is the only owner.
// L3. A socket that cannot be judged (no permission) counts as an error, never as free.

import { randomUUID } from 'node:crypto'
import { constants, existsSync } from 'node:fs'
import { mkdir, open, readdir, realpath, rename, rm } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { EmbeddedPostgresError, errorCode, explainingFileErrors } from './error.ts'
import { fitsSocketPath } from './unix-path.ts'

const SOCKET = 'socket'
const answerWaitMs = 250

/**
 * Takes the data folder, creating it if needed; disposing lets go of it.
 *
 * @throws {EmbeddedPostgresError} `data_dir_locked`: another process, or this one, has it already.
 */
export async function lockDataDir(dataDir: string): Promise<AsyncDisposable> {
  return await explainingFileErrors(dataDir, async () => {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    const root = await realpath(dataDir)
    const folder = join(root, 'lock')
    await mkdir(folder, { recursive: true, mode: 0o700 })
    for (;;) {
      const highest = await highestGeneration(folder)
      if (highest > 0) await refuseIfAlive(root, join(folder, String(highest)))
      const server = await claimGeneration(folder, highest + 1)
      if (server === undefined) continue
      if ((await highestGeneration(folder)) === highest + 1) {
        await removeOthers(folder, String(highest + 1))
        return { [Symbol.asyncDispose]: () => close(server) }
      }
      await close(server)
    }
  })
}

async function highestGeneration(folder: string): Promise<number> {
  const names = await readdir(folder)
  return Math.max(0, ...names.filter((name) => /^[1-9]\d{0,14}$/.test(name)).map(Number))
}

/**
 * Listens in a private folder first, so that what appears under the number is alive (L1).
 * Undefined when another contender was faster: it took the number, or swept the draft away as owner.
 */
async function claimGeneration(folder: string, generation: number): Promise<Server | undefined> {
  const draft = join(folder, `draft-${randomUUID()}`)
  await mkdir(draft, { mode: 0o700 })
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.end(String(process.pid), () => socket.destroy())
  })
  try {
    await withSocketAddress(draft, (address) => listen(server, address))
    await rename(draft, join(folder, String(generation)))
    return server.unref()
  } catch (error) {
    await close(server)
    const lost = ['ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '') || !existsSync(draft)
    await rm(draft, { recursive: true, force: true })
    if (lost) return undefined
    throw error
  }
}

async function refuseIfAlive(root: string, generationFolder: string): Promise<void> {
  let answer: string | undefined
  try {
    answer = await withSocketAddress(generationFolder, askOwner)
  } catch (error) {
    if (['ECONNREFUSED', 'ENOENT'].includes(errorCode(error) ?? '')) return
    if (errorCode(error) !== 'EAGAIN') throw error
  }
  const owner = answer !== undefined && /^\d+$/.test(answer) ? ` (process ${answer})` : ''
  throw new EmbeddedPostgresError(
    'data_dir_locked',
    `Another Bookend${owner} is using the data folder ${root}; stop it, ` +
      `or choose another folder with BOOKEND_DATA_DIR`,
  )
}

/** Connects, and waits a moment for the owner's process id: a stalled owner is an owner too. */
function askOwner(address: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let answer = ''
    let connected = false
    const socket = connect(address)
    socket.setEncoding('utf8')
    socket.setTimeout(answerWaitMs, () => socket.destroy())
    socket.on('data', (chunk: string) => (answer += chunk))
    // An error after connecting changes nothing: somebody listened.
    socket.on('error', (error) => (connected ? undefined : reject(error)))
    socket.on('connect', () => (connected = true))
    socket.on('close', () => resolve(answer))
  })
}

/** Calls `use` with an address for `<folder>/socket` that fits, whatever the folder's length. */
async function withSocketAddress<T>(
  folder: string,
  use: (address: string) => Promise<T>,
): Promise<T> {
  const path = join(folder, SOCKET)
  if (fitsSocketPath(path) || process.platform !== 'linux') return await use(path)
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    return await use(`/proc/self/fd/${handle.fd}/${SOCKET}`)
  } finally {
    await handle.close()
  }
}

/** Removes what earlier owners and contenders that died left behind. */
async function removeOthers(folder: string, own: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name !== own) await rm(join(folder, name), { recursive: true, force: true })
  }
}

function listen(server: Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(address, resolve)
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
  })
}
