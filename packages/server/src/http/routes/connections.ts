import type { Connection, JsonObject, ProblemIssue } from '@bookend/contract'
import { createId } from '@bookend/core'
import { catalog, connectorIdOf, findConnector } from '../../connections/catalog.ts'
import type { AnyConnector, ConfiguredConnection } from '../../connections/configured.ts'
import { checkConnection } from '../../connections/stored/check.ts'
import { installConnection } from '../../connections/stored/install.ts'
import { describeConnector } from '../../connections/stored/describe-connector.ts'
import { destinationOf, isRecord } from '../../connections/stored/destination.ts'
import { maskAuth } from '../../connections/stored/mask.ts'
import { openRow } from '../../connections/stored/open-row.ts'
import { parseAuth, parseSettings } from '../../connections/stored/parse-account.ts'
import {
  renderOfFile,
  renderStored,
  usesOf,
  type Around,
} from '../../connections/stored/render-connection.ts'
import type { Context } from '../../context.ts'
import { configChanged } from '../../context.ts'
import { clearAttention, listHealth } from '../../store/postgres/connection-health.ts'
import * as stored from '../../store/postgres/connections.ts'
import type { Handlers } from '../handlers.ts'
import { invalid, notFound, ProblemError } from '../problem.ts'

const FILE = 'bookend.config.ts'

export function connectionRoutes(context: Context) {
  const { database, reads, secrets, registry, outgoing, clock, log, connections } = context
  const { runtime, live, health, circuitOf, limitsOf } = connections

  const nameOf = (params: { connector: string; connection: string }): string =>
    `${params.connector}/${params.connection}`

  /** The file is the installation's: its connections are those of the workflows' workspace. */
  function findOfFile(workspaceId: string, name: string) {
    const isHere = workspaceId === live.workspaceId && live.fileNames.has(name)
    return isHere ? runtime.find(name) : undefined
  }

  async function look(workspaceId: string): Promise<Around> {
    const isHome = workspaceId === live.workspaceId
    return {
      health: await listHealth(reads, workspaceId),
      workflows: isHome ? registry.list() : [],
      circuitOf: isHome ? circuitOf : () => 'closed',
      limitsOf: isHome ? limitsOf : () => [],
    }
  }

  function render(row: stored.ConnectionRow, around: Around): Connection {
    const opened = openRow(secrets, row)
    const unusable = opened === null ? 'connector_unknown' : (opened.unusable ?? null)
    return renderStored(row, unusable, around)
  }

  /** A credential is no use to the one who stored it where it may not be sent. */
  function checkUrls(settings: unknown): ProblemIssue[] {
    return Object.entries(isRecord(settings) ? settings : {}).flatMap(([name, value]) => {
      if (typeof value !== 'string' || !/^https?:\/\//i.test(value)) return []
      const verdict = outgoing.judgeUrl(value)
      if (verdict.ok) return []
      const message = 'points to an address that may not be reached from here'
      return [{ path: `settings.${name}`, message }]
    })
  }

  function seal(row: Parameters<typeof stored.authContext>[0], auth: unknown) {
    const context = stored.authContext(row)
    return {
      auth: auth === null ? null : secrets.encrypt(JSON.stringify(auth), context),
      auth_shown: maskAuth(auth),
      unusable: null,
    }
  }

  async function changed(workspaceId: string): Promise<void> {
    if (workspaceId === live.workspaceId) await live.reload()
    await configChanged(context, workspaceId)
  }

  return {
    async listConnectors() {
      return { connectors: Object.values(catalog).map(describeConnector) }
    },

    async getConnector({ params }) {
      const connector = findConnector(params.connector)
      if (connector === undefined) throw notFound('connector')
      return describeConnector(connector)
    },

    async createConnection({ body, access: { workspaceId } }) {
      const { name, settings, auth } = body
      const connector = getConnector(name)
      const parsed = parseSettings(connector, settings)
      refuse([...parsed.issues, ...checkUrls(settings), ...parseAuth(connector, auth).issues])
      if (findOfFile(workspaceId, name) !== undefined) {
        throw new ProblemError('already_exists', `${FILE} has a connection ${name}`)
      }
      const id = createId(clock.now())
      const destination = destinationOf(connector, parsed.value)
      const own = { workspace_id: workspaceId, id, name, settings, destination }
      const row = await database.transaction((client) =>
        stored.insertConnection(client, { ...own, ...seal(own, auth) }),
      )
      if (row === undefined) {
        throw new ProblemError('already_exists', `There is a connection ${name}`)
      }
      await changed(workspaceId)
      return render(row, await look(workspaceId))
    },

    async listConnections({ access: { workspaceId } }) {
      const [rows, around] = await Promise.all([
        stored.listConnections(reads, workspaceId),
        look(workspaceId),
      ])
      const names = workspaceId === live.workspaceId ? [...live.fileNames] : []
      const ofFile = names.flatMap((name) => findOfFile(workspaceId, name) ?? [])
      const visible = rows.filter(({ name }) => findOfFile(workspaceId, name) === undefined)
      const all = [
        ...ofFile.map((connection) => renderOfFile(connection, around)),
        ...visible.map((row) => render(row, around)),
      ]
      return { connections: all.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }
    },

    async getConnection({ params, access: { workspaceId } }) {
      const name = nameOf(params)
      const ofFile = findOfFile(workspaceId, name)
      if (ofFile !== undefined) return renderOfFile(ofFile, await look(workspaceId))
      const row = await stored.findConnection(reads, workspaceId, name)
      if (row === undefined) throw notFound('connection')
      return render(row, await look(workspaceId))
    },

    async updateConnection({ params, body, access: { workspaceId } }) {
      const name = nameOf(params)
      if (findOfFile(workspaceId, name) !== undefined) {
        throw new ProblemError('state_conflict', `${name} is of ${FILE}; change it there`)
      }
      const row = await database.transaction(async (client) => {
        const before = await stored.lockConnection(client, workspaceId, name)
        if (before === undefined) throw notFound('connection')
        const connector = getConnector(name)
        const settings = merge(before.settings, body.settings)
        const parsed = parseSettings(connector, settings)
        const { auth } = body
        const issues = auth === undefined ? [] : parseAuth(connector, auth).issues
        refuse([...parsed.issues, ...checkUrls(settings), ...issues])
        const destination = destinationOf(connector, parsed.value)
        const after = { ...before, settings, destination }
        if (auth !== undefined) {
          await clearAttention(client, workspaceId, [name])
          return await stored.updateConnection(client, { ...after, ...seal(after, auth) })
        }
        const isMoved = destination !== before.destination
        if (!isMoved || before.auth === null) return await stored.updateConnection(client, after)
        // The credential goes only where it was entered for (threats A17).
        const cleared = { auth: null, auth_shown: null, unusable: 'credential_moved' }
        return await stored.updateConnection(client, { ...after, ...cleared })
      })
      await changed(workspaceId)
      return render(row, await look(workspaceId))
    },

    async deleteConnection({ params, access: { workspaceId } }) {
      const name = nameOf(params)
      const ofFile = findOfFile(workspaceId, name)
      await database.transaction(async (client) => {
        const row = await stored.lockConnection(client, workspaceId, name)
        if (row === undefined && ofFile !== undefined) {
          throw new ProblemError('state_conflict', `${name} is of ${FILE}; take it out there`)
        }
        if (row === undefined) throw notFound('connection')
        // One that the file hides is nobody's.
        const users = ofFile === undefined ? await listUsers(client, workspaceId, name) : []
        if (users.length > 0) {
          const detail = `${name} is used by ${users.join(', ')}; change them first`
          throw new ProblemError('state_conflict', detail)
        }
        await stored.deleteConnection(client, workspaceId, name)
      })
      await changed(workspaceId)
    },

    async installConnection({ params, access: { workspaceId } }) {
      const connection = await getConfigured(workspaceId, nameOf(params))
      const installed = await installConnection({ clock, outgoing, log }, connection)
      if (installed === null) throw invalid('connector', 'has nothing to install')
      return installed
    },

    async checkConnection({ params, access: { workspaceId } }) {
      const connection = await getConfigured(workspaceId, nameOf(params))
      const { answer, fault } = await checkConnection({ clock, outgoing, log }, connection)
      if (fault !== undefined && workspaceId === live.workspaceId) {
        health.note(connection, fault)
        await health.flush()
      }
      return answer
    },
  } satisfies Partial<Handlers>

  /** Stored, or of the file; with its credential. */
  async function getConfigured(workspaceId: string, name: string): Promise<ConfiguredConnection> {
    const ofFile = findOfFile(workspaceId, name)
    if (ofFile !== undefined) return ofFile
    const row = await stored.findConnection(reads, workspaceId, name)
    const connection = row === undefined ? null : openRow(secrets, row)
    if (connection === null) throw notFound('connection')
    return connection
  }

  async function listUsers(
    client: Parameters<typeof stored.listRunningUsers>[0],
    workspaceId: string,
    name: string,
  ): Promise<string[]> {
    const active = workspaceId === live.workspaceId ? usesOf(name, registry.list()) : []
    const running = await stored.listRunningUsers(client, workspaceId, name)
    const names = active.map(({ workflow }) => workflow)
    const later = running.filter((workflow) => !names.includes(workflow))
    return [...new Set(names), ...later.map((workflow) => `${workflow} (runs under way)`)]
  }
}

function getConnector(name: string): AnyConnector {
  const id = connectorIdOf(name)
  const connector = findConnector(id)
  if (connector !== undefined) return connector
  throw invalid(
    'name',
    `asks for a connector "${id}"; there are ${Object.keys(catalog).join(', ')}`,
  )
}

function refuse(issues: readonly ProblemIssue[]): void {
  const [first] = issues
  if (first === undefined) return
  throw new ProblemError('invalid', `${first.path}: ${first.message}`, issues.slice(0, 20))
}

/** Null takes a setting away. */
function merge(before: JsonObject, patch: JsonObject = {}): JsonObject {
  const entries = Object.entries({ ...before, ...patch })
  return Object.fromEntries(entries.filter(([, value]) => value !== null))
}
