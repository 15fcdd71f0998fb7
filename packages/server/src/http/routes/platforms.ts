import type { JsonObject, Platform, PlatformUpdate, ProblemIssue } from '@bookend/contract'
import { createId } from '@bookend/core'
import { platforms as adapters, type PlatformId, type PublicUrls } from '@bookend/platforms'
import type { Context } from '../../context.ts'
import { configChanged } from '../../context.ts'
import { checkPlatform } from '../../platforms/check-platform.ts'
import { openOptions, openPlatform, type LivePlatform } from '../../platforms/live-platforms.ts'
import { listDoors, type DoorRow } from '../../platforms/platform-doors.ts'
import {
  describeOptions,
  findOptionIssues,
  maskOptions,
  mergeOptions,
} from '../../platforms/platform-options.ts'
import { performSetUp, renderSetUp } from '../../platforms/set-up.ts'
import * as stored from '../../store/postgres/platforms.ts'
import type { Handlers } from '../handlers.ts'
import { notFound, ProblemError } from '../problem.ts'

export function platformRoutes(context: Context) {
  const { database, reads, secrets, snapshot, clock, platforms } = context

  const keyOf = (params: { platform: PlatformId; connection: string }): stored.PlatformKey => ({
    platform: params.platform,
    name: params.connection,
  })

  function urlsOf({ platform, name }: stored.PlatformKey): PublicUrls {
    const base = `${platforms.publicUrl().replace(/\/$/, '')}/platforms/${platform}/${name}`
    return { preCall: `${base}/pre-call`, events: `${base}/events` }
  }

  function render(row: stored.PlatformRow, doors: readonly DoorRow[]): Platform {
    const { connection, unusable } = openPlatform(secrets, row)
    const urls = urlsOf(row)
    const ofDoor = (door: DoorRow['door'], url: string) => {
      const found = doors.find((one) => one.connection_id === row.id && one.door === door)
      return {
        url,
        last_accepted_at: found?.last_accepted_at?.toISOString() ?? null,
        last_refused_at: found?.last_refused_at?.toISOString() ?? null,
        last_refused_why: found?.last_refused_why ?? null,
      }
    }
    return {
      platform: row.platform,
      name: row.name,
      version: row.version,
      options: row.options_shown,
      agents: row.agents,
      default_agent_id: row.default_agent_id,
      analysis_wait_minutes: row.analysis_wait_minutes,
      budget_ms: connection?.budgetMs ?? null,
      unusable,
      pre_call: ofDoor('pre-call', urls.preCall),
      events: ofDoor('events', urls.events),
      created_at: row.created_at.toISOString(),
      updated_at: row.updated_at.toISOString(),
    }
  }

  async function look(workspaceId: string): Promise<readonly DoorRow[]> {
    await platforms.doors.flush()
    return await listDoors(reads, workspaceId)
  }

  function findAgentIssues(
    workspaceId: string,
    { agents = {}, default_agent_id: standard }: Pick<PlatformUpdate, Agents>,
  ): readonly ProblemIssue[] {
    const given: [string, string][] = Object.entries(agents).map(([theirs, ours]) => [
      `agents.${theirs}`,
      ours,
    ])
    if (standard !== undefined && standard !== null) given.push(['default_agent_id', standard])
    return given
      .filter(([, id]) => snapshot.findAgent(workspaceId, id) === undefined)
      .map(([path]) => ({ path, message: 'is not an agent of this workspace' }))
  }

  const seal = (row: Pick<stored.PlatformRow, 'workspace_id' | 'id'>, options: JsonObject) =>
    secrets.encrypt(JSON.stringify(options), stored.platformContext(row.workspace_id, row.id))

  async function changed(workspaceId: string): Promise<void> {
    await platforms.live.reload()
    await configChanged(context, workspaceId)
  }

  async function get(workspaceId: string, key: stored.PlatformKey): Promise<LivePlatform> {
    const row = await stored.findPlatform(reads, workspaceId, key)
    if (row === undefined) throw notFound('platform')
    return openPlatform(secrets, row)
  }

  return {
    async listPlatformAdapters() {
      const all = Object.values(adapters).map(({ platform, label }) => ({
        platform,
        label,
        options: describeOptions(platform),
      }))
      return { adapters: all }
    },

    async createPlatform({ body, access: { workspaceId } }) {
      const { platform, name, options, ...rest } = body
      refuse([...findOptionIssues(platform, options), ...findAgentIssues(workspaceId, body)])
      const own = { workspace_id: workspaceId, id: createId(clock.now()), platform, name, ...rest }
      const shown = maskOptions(platform, options)
      const row = await database.transaction((client) =>
        stored.insertPlatform(client, {
          ...own,
          options: seal(own, options),
          options_shown: shown,
        }),
      )
      if (row === undefined) {
        throw new ProblemError('already_exists', `The name ${platform}/${name} is taken here`)
      }
      await changed(workspaceId)
      return render(row, [])
    },

    async listPlatforms({ access: { workspaceId } }) {
      const doors = await look(workspaceId)
      const rows = await stored.listPlatforms(reads, workspaceId)
      return { platforms: rows.map((row) => render(row, doors)) }
    },

    async getPlatform({ params, access: { workspaceId } }) {
      const { row } = await get(workspaceId, keyOf(params))
      return render(row, await look(workspaceId))
    },

    async updatePlatform({ params, body, access: { workspaceId } }) {
      const row = await database.transaction(async (client) => {
        const before = await stored.findPlatform(client, workspaceId, keyOf(params), true)
        if (before === undefined) throw notFound('platform')
        refuse(findAgentIssues(workspaceId, body))
        const { options: patch, agents = before.agents } = body
        const { default_agent_id: standard = before.default_agent_id } = body
        const { analysis_wait_minutes: waitMinutes = before.analysis_wait_minutes } = body
        const named = { agents, default_agent_id: standard }
        const after = { ...before, ...named, analysis_wait_minutes: waitMinutes }
        if (patch === undefined) return await stored.updatePlatform(client, after)
        // What cannot be opened any more is given anew, whole.
        const known = openOptions(secrets, before) as JsonObject | undefined
        const options = mergeOptions(known ?? {}, patch)
        refuse(findOptionIssues(before.platform, options))
        const shown = maskOptions(before.platform, options)
        const sealed = { options: seal(before, options), options_shown: shown }
        return await stored.updatePlatform(client, { ...after, ...sealed })
      })
      await changed(workspaceId)
      return render(row, await look(workspaceId))
    },

    async deletePlatform({ params, access: { workspaceId } }) {
      const isDeleted = await database.transaction((client) =>
        stored.deletePlatform(client, workspaceId, keyOf(params)),
      )
      if (!isDeleted) throw notFound('platform')
      await changed(workspaceId)
    },

    async getPlatformSetUp({ params, access: { workspaceId } }) {
      const { connection } = usable(await get(workspaceId, keyOf(params)))
      return renderSetUp(connection, urlsOf(keyOf(params)))
    },

    async setUpPlatform({ params, body, access: { workspaceId } }) {
      const { connection } = usable(await get(workspaceId, keyOf(params)))
      const { agent_ids: agentIds, number_ids: numberIds } = body
      return await performSetUp(context, connection, urlsOf(keyOf(params)), { agentIds, numberIds })
    },

    async checkPlatform({ params, access: { workspaceId } }) {
      const live = await get(workspaceId, keyOf(params))
      const doors = await look(workspaceId)
      return await checkPlatform(context, live, doors)
    },
  } satisfies Partial<Handlers>
}

type Agents = 'agents' | 'default_agent_id'

function usable({ connection, unusable }: LivePlatform) {
  if (connection !== null) return { connection }
  const detail = `The platform cannot be used (${String(unusable)}); enter its options again`
  throw new ProblemError('state_conflict', detail)
}

function refuse(issues: readonly ProblemIssue[]): void {
  const [first] = issues
  if (first === undefined) return
  throw new ProblemError('invalid', `${first.path}: ${first.message}`, issues.slice(0, 20))
}
