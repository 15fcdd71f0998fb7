// The server and a made-up business beside it, in one process tree that ends as one.

import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { RunningServer } from '@bookend/server'
import { CliError } from '../cli-error.ts'
import { command } from '../command.ts'
import { findUrl, readLocalKey } from '../connection.ts'
import { startServices, type Services } from '../demo/services.ts'
import { readEnv } from '../read-env.ts'
import { closeInTime, openServer } from '../server.ts'
import { listenForStop } from '../stop-signal.ts'
import type { Io } from '../terminal/io.ts'
import { printable } from '../terminal/text.ts'

export const demo = command({
  description: 'Run the server with an example and its services, to try everything',
  args: {
    folder: {
      type: 'positional',
      default: 'examples/clinic',
      description: 'Holds workflows/ and dist/services/main.js',
    },
  },
  examples: ['bookend demo', 'PORT=8080 bookend demo', 'bookend demo examples/clinic'],
  async run({ folder }, io) {
    const example = findExample(resolve(io.cwd, folder))
    using stop = listenForStop()
    const env = {
      ...io.env,
      BOOKEND_WORKFLOWS: example.workflows,
      BOOKEND_ALLOW_PRIVATE_TARGETS: 'true',
    }
    const server = await openServer(env, io, stop.signal).catch((error: unknown) => {
      if (stop.signal.aborted) return null
      throw error
    })
    if (server === null) return 0
    const services = openServices(server, example, io)
    await stop.requested
    // Services last, so that the work that is being finished still reaches them.
    const closed = await closeInTime(server, io)
    await services.close()
    return closed ? 0 : 1
  },
})

interface Example {
  readonly name: string
  readonly workflows: string
  readonly services: string
}

function findExample(folder: string): Example {
  const workflows = join(folder, 'workflows')
  const services = join(folder, 'dist', 'services', 'main.js')
  if (!existsSync(workflows)) {
    throw new CliError(`There is no example in ${folder}: it has no folder workflows`, [
      'Run the command in the root of a checkout, or name the folder of an example.',
    ])
  }
  if (!existsSync(services)) {
    throw new CliError(`The example's services are not built: ${services} is missing`, [
      'Build them with: npm run build',
    ])
  }
  return { name: basename(folder), workflows, services }
}

function openServices(server: RunningServer, example: Example, io: Io): Services {
  const key = readEnv(io.env, 'BOOKEND_API_KEY') ?? server.firstKey ?? readLocalKey(server.dataDir)
  if (key === null) {
    io.complain('bookend: no key for the services; they are not started')
    io.complain('  Set BOOKEND_API_KEY to an admin key of this data folder, and start again.')
    return { close: () => Promise.resolve() }
  }
  const { name } = example
  const { dim, yellow } = io.style
  return startServices({
    script: example.services,
    readyLine: `${name} ready`,
    env: {
      ...io.env,
      CLINIC_DATABASE_URL: readEnv(io.env, 'CLINIC_DATABASE_URL') ?? server.databaseUrl,
      BOOKEND_URL: server.url,
      BOOKEND_API_KEY: key,
    },
    onLine: (line) => io.print(`${dim(`${name} │`)} ${printable(line)}`),
    onReady: (isFirst) => {
      if (isFirst) for (const line of renderWelcome(server, io)) io.print(line)
    },
    onEnd: (reason, againInMs) => {
      const again = `starting them again in ${againInMs / 1_000} s`
      io.print(yellow(`${name} │ the services ended (${reason}); the server goes on, ${again}`))
    },
  })
}

function renderWelcome({ url, dataDir, firstKey }: RunningServer, { env, style }: Io): string[] {
  const kept = join(dataDir, 'cli.key')
  const own =
    readEnv(env, 'BOOKEND_API_KEY') !== undefined ? 'the one in BOOKEND_API_KEY' : `kept in ${kept}`
  return [
    '',
    `  ${style.bold('Dashboard')}   ${style.underline(url)}`,
    `  ${style.bold('Sign in')}     with ${firstKey === null ? 'your key' : 'the key shown above'}, ${own}`,
    `  ${style.bold('Try')}         ${renderNext(url)}      in another terminal, in this folder`,
    `  ${style.bold('Stop')}        Ctrl-C`,
    '',
  ]
}

const renderNext = (url: string): string =>
  url === findUrl({}, {}) ? 'npx bookend call' : `npx bookend call --url ${url}`
