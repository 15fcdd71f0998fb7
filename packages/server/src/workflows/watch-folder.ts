// Tells when something in a folder has changed, at once where the system says so, else within a second.
//
//   event ─▶ 30 ms of quiet ─┐
//   every second ───────────▶┴─▶ other names, sizes or times than before? ─▶ onChange, one at a time
//
// An event is only a reason to look: some file systems (network, containers on other systems) tell
// nothing, and others tell of what did not change.

import type { Clock } from '@bookend/core'
import { type FSWatcher, watch } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

export interface WatchOptions {
  readonly folder: string
  readonly clock: Pick<Clock, 'setTimer'>
  /** False: it could not be taken over now, and is to be tried again. */
  readonly onChange: () => Promise<boolean>
}

export interface FolderWatch {
  /** Resolves when the last `onChange` is over. */
  close(): Promise<void>
}

const QUIET_MS = 30
const LOOK_EVERY_MS = 1_000
const DEPTH_MAX = 8

/** @param options.onChange Never rejects. It is called once for what the folder is at the begin. */
export function watchFolder({ folder, clock, onChange }: WatchOptions): FolderWatch {
  let seen: string | null = null
  let looking: Promise<void> | null = null
  let isClosed = false
  let watcher: FSWatcher | null = null
  let cancelQuiet = (): void => undefined
  let cancelLook = (): void => undefined

  async function look(): Promise<void> {
    // What is saved while a change is taken over is another change.
    for (;;) {
      const now = await stampOf(folder)
      if (isClosed || now === seen) return
      seen = now
      if (await onChange()) continue
      seen = null
      return
    }
  }

  function lookOnce(): Promise<void> {
    looking ??= look().finally(() => (looking = null))
    return looking
  }

  function listen(): void {
    if (watcher !== null) return
    try {
      watcher = watch(folder, { recursive: true, persistent: false }, () => {
        cancelQuiet()
        cancelQuiet = clock.setTimer(QUIET_MS, () => void lookOnce())
      })
      // Also when the folder itself is gone; it may come back.
      watcher.on('error', unlisten)
    } catch {
      watcher = null
    }
  }

  function unlisten(): void {
    watcher?.close()
    watcher = null
  }

  function wait(): void {
    cancelLook = clock.setTimer(LOOK_EVERY_MS, () => {
      listen()
      void lookOnce().then(() => {
        if (!isClosed) wait()
      })
    })
  }

  listen()
  wait()
  return {
    async close() {
      isClosed = true
      cancelQuiet()
      cancelLook()
      unlisten()
      await looking
    },
  }
}

/** Names, sizes and times of everything below; the same for a folder that is not there as for an empty one. */
async function stampOf(folder: string, depth = 0): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const own = entries.filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
  const stamps = own.map(async (entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      return depth < DEPTH_MAX ? `${entry.name}/(${await stampOf(path, depth + 1)})` : ''
    }
    const { mtimeMs, size } = await stat(path).catch(() => ({ mtimeMs: 0, size: -1 }))
    return `${entry.name} ${mtimeMs} ${size}`
  })
  return (await Promise.all(stamps)).sort().join('\n')
}
