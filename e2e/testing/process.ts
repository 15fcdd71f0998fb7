// A process whose output is read line by line, so that a test can wait for what it says.
//
//   spawn ─▶ lines, of both outputs ─▶ `line(/…/)` resolves with the first that fits ─▶ exit
//
// R1. A process that ends without the awaited line fails the wait at once, with all it said.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { ROOT } from './root.ts'

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Running {
  readonly pid: number
  readonly startedAtMs: number
  readonly lines: readonly string[]
  readonly ended: Promise<Ended>
  /** The first line that fits, said already or yet to be said. */
  line(pattern: RegExp, withinMs?: number): Promise<string>
  /** Sends the signal to this process alone and resolves when it has ended. */
  end(signal: NodeJS.Signals): Promise<Ended>
}

/** What a test's own environment would tell the process, and a user's does not. */
const UNWANTED = /^(BOOKEND_|CLINIC_|VITEST|NODE_OPTIONS$|NODE_ENV$|DATABASE_URL$|PORT$|HOST$|PG)/

export function runNode(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Running {
  const own = Object.entries(process.env).filter(([name]) => !UNWANTED.test(name))
  const child = spawn(process.execPath, words, {
    cwd: ROOT,
    env: { ...Object.fromEntries(own), NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const startedAtMs = performance.now()
  const lines: string[] = []
  const waiting = new Set<() => void>()
  const look = (): void => waiting.forEach((check) => check())
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      look()
    })
  }
  let hasEnded = false
  // `close` comes after the last line of both outputs.
  const ended = once(child, 'close').then(([code, signal]) => {
    hasEnded = true
    look()
    return { code, signal } as Ended
  })

  return {
    pid: child.pid ?? 0,
    startedAtMs,
    lines,
    ended,
    line: (pattern, withinMs = 60_000) =>
      new Promise((resolve, reject) => {
        const settle = (): void => {
          clearTimeout(timer)
          waiting.delete(check)
        }
        const fail = (why: string): void => {
          settle()
          reject(new Error(`${why} while waiting for ${pattern}; it said:\n${lines.join('\n')}`))
        }
        const check = (): void => {
          const found = lines.find((line) => pattern.test(line))
          if (found !== undefined) {
            settle()
            resolve(found)
          } else if (hasEnded) fail('The process ended')
        }
        const timer = setTimeout(() => fail(`${withinMs} ms went by`), withinMs)
        waiting.add(check)
        check()
      }),
    async end(signal) {
      child.kill(signal)
      return await ended
    },
  }
}
