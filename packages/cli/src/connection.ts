// Which server a command speaks to, and with which key.
//
//   --url, BOOKEND_URL, this machine ─▶ address      --key, BOOKEND_API_KEY, <data folder>/cli.key ─▶ key
//
// K1. The key from the data folder opens the server of this machine; it is sent nowhere else.
// K2. A server that is not there is said so once, with how to start one.

import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { RouteAnswer, RouteInput, RouteName } from '@bookend/contract'
import { ApiError, createClient, type Client } from '@bookend/sdk/client'
import { CliError } from './cli-error.ts'
import { readEnv } from './read-env.ts'
import type { Io } from './terminal/io.ts'

export const connectionArgs = {
  url: {
    type: 'string',
    valueHint: 'address',
    description: 'The server (BOOKEND_URL, else this machine)',
  },
  key: {
    type: 'string',
    valueHint: 'key',
    description: 'An API key (BOOKEND_API_KEY, else the local server’s own)',
  },
} as const

export interface ConnectionChoice {
  readonly url?: string | undefined
  readonly key?: string | undefined
}

export interface Connection {
  readonly url: string
  readonly client: Client
}

const PORT_DEFAULT = '4400'
const ANSWER_WITHIN_MS = 40_000

export function findUrl({ url }: ConnectionChoice, env: NodeJS.ProcessEnv): string {
  const chosen =
    url ?? readEnv(env, 'BOOKEND_URL') ?? `http://127.0.0.1:${readEnv(env, 'PORT') ?? PORT_DEFAULT}`
  const parsed = URL.canParse(chosen) ? new URL(chosen) : null
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    throw new CliError(`"${chosen}" is not an address; write it like http://127.0.0.1:4400`)
  }
  return chosen.replace(/\/+$/, '')
}

export const findDataDir = (env: NodeJS.ProcessEnv, cwd: string): string =>
  resolve(cwd, readEnv(env, 'BOOKEND_DATA_DIR') ?? '.bookend')

/** The key that the server on this machine keeps for the command line; null when there is none. */
export function readLocalKey(dataDir: string): string | null {
  try {
    return readFileSync(join(dataDir, 'cli.key'), 'utf8').trim() || null
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw new CliError(`The key in ${join(dataDir, 'cli.key')} cannot be read (${code})`, [
      'Give another with --key or BOOKEND_API_KEY.',
    ])
  }
}

export function findKey(
  choice: ConnectionChoice,
  url: string,
  io: Pick<Io, 'env' | 'cwd'>,
): string {
  const given = choice.key ?? readEnv(io.env, 'BOOKEND_API_KEY')
  if (given !== undefined) return given
  if (!isLoopback(url)) {
    throw new CliError(`No API key for ${url}`, [
      'Give one with --key or BOOKEND_API_KEY; the key in the data folder is for this machine only.',
    ])
  }
  const dataDir = findDataDir(io.env, io.cwd)
  const local = readLocalKey(dataDir)
  if (local !== null) return local
  throw new CliError(`No API key: none given, and none in ${join(dataDir, 'cli.key')}`, [
    'Start the server with: npx bookend demo   (or: npx bookend start)',
    'If it runs already: type this in the folder it was started in, set BOOKEND_DATA_DIR to its',
    'data folder, or give a key with --key or BOOKEND_API_KEY.',
  ])
}

export function connect(choice: ConnectionChoice, io: Pick<Io, 'env' | 'cwd'>): Connection {
  const url = findUrl(choice, io.env)
  const client = createClient({ baseUrl: url, key: findKey(choice, url, io) })
  return {
    url,
    client: {
      async *say(sentence) {
        try {
          yield* client.say(sentence)
        } catch (error) {
          const isTold = error instanceof ApiError || sentence.signal?.aborted === true
          throw isTold ? error : unreachable(url, error)
        }
      },
      async call<N extends RouteName>(
        name: N,
        input: RouteInput<N>,
        options: Parameters<Client['call']>[2] = {},
      ): Promise<RouteAnswer<N>> {
        const signal = options.signal ?? AbortSignal.timeout(ANSWER_WITHIN_MS)
        try {
          return await client.call(name, input, { ...options, signal })
        } catch (error) {
          throw error instanceof ApiError || options.signal?.aborted
            ? error
            : unreachable(url, error)
        }
      },
    },
  }
}

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url)
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}

/** A fault of the network, in words. */
export function unreachable(url: string, error: unknown): CliError {
  const { name, message, cause } = error as Error
  if (name === 'TimeoutError') return new CliError(`${url} did not answer in time`, [], { cause })
  const fault = cause instanceof Error ? (cause as NodeJS.ErrnoException) : null
  const code = fault?.code ?? null
  if (code === 'ECONNREFUSED') {
    return new CliError(
      `Nothing answers at ${url}`,
      ['Start the server with: npx bookend demo   (or: npx bookend start)'],
      { cause: error },
    )
  }
  return new CliError(`${url} cannot be reached: ${fault?.message || code || message}`, [], {
    cause: error,
  })
}
