// A process under measurement: started, awaited until it says where it listens, and ended.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export interface Child extends AsyncDisposable {
  readonly pid: number
  readonly url: string
}

export interface ChildOptions {
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
}

const READY = /^ready (\S+)$/
const END_WITHIN_MS = 15_000

/**
 * Runs Node with `args` until it prints `ready <url>`.
 *
 * @throws {Error} It ended before that; what it said is in the message.
 */
export async function startChild({ args, env = {} }: ChildOptions): Promise<Child> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: string[] = []
  const ended = once(child, 'exit')
  createInterface({ input: child.stderr }).on('line', (line) => said.push(line))
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(line)
      const ready = READY.exec(line)?.[1]
      if (ready !== undefined) resolve(ready)
    })
    const fail = (): void => reject(new Error(`${args.join(' ')} ended:\n${said.join('\n')}`))
    ended.then(fail, fail)
  })
  return {
    pid: child.pid ?? 0,
    url,
    async [Symbol.asyncDispose]() {
      const timer = setTimeout(() => child.kill('SIGKILL'), END_WITHIN_MS)
      child.kill('SIGTERM')
      await ended
      clearTimeout(timer)
    },
  }
}
