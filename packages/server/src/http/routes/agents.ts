import type { AgentCreate, AgentUpdate } from '@bookend/contract'
import { createId } from '@bookend/core'
import { findRuleFault } from '@bookend/core/analysis'
import type { Context } from '../../context.ts'
import { configChanged } from '../../context.ts'
import { hostedPrefix } from '../../precall/ask-workflow.ts'
import { findSchemaFault } from '../../precall/parameters-schema.ts'
import type { AgentRow, AgentSettings } from '../../store/postgres/agents.ts'
import * as agents from '../../store/postgres/agents.ts'
import { countNumbersOf } from '../../store/postgres/numbers.ts'
import { warningsOf } from '../agent-warnings.ts'
import type { Handlers } from '../handlers.ts'
import { invalid, notFound, ProblemError } from '../problem.ts'

const HINT_LENGTH = 4

export function agentRoutes(context: Context) {
  const { database, reads, secrets, outgoing, registry, clock } = context

  const written = (row: AgentRow) => ({
    ...agents.renderAgent(row),
    warnings: [...warningsOf(row.settings, registry)],
  })

  function check(fields: AgentUpdate): void {
    const { pre_call_webhook_url: url, parameters_schema: schema, analyzers = [] } = fields
    if (typeof url === 'string' && !url.startsWith(hostedPrefix)) {
      const verdict = outgoing.judgeUrl(url)
      if (!verdict.ok) throw invalid('pre_call_webhook_url', explainUrl(verdict.code))
    }
    const fault = schema === undefined || schema === null ? null : findSchemaFault(schema)
    if (fault !== null) throw invalid(`parameters_schema.${fault.path}`, fault.message)
    for (const [index, { options }] of analyzers.entries()) {
      const ruleFault = findRuleFault(options?.rules ?? [])
      if (ruleFault === null) continue
      const path = `analyzers.${index}.options.rules.${ruleFault.index}.if`
      throw invalid(path, ruleFault.message)
    }
  }

  function seal(workspaceId: string, id: string, token: string | null) {
    if (token === null) return { auth_token: null, auth_token_hint: null }
    return {
      auth_token: secrets.encrypt(token, agents.tokenContext(workspaceId, id)),
      // A short token is not half shown.
      auth_token_hint: token.length >= 4 * HINT_LENGTH ? token.slice(-HINT_LENGTH) : '',
    }
  }

  /** The token goes only where it was entered for (threats A17). */
  function patchToken(row: AgentRow, patch: AgentUpdate) {
    const { pre_call_webhook_auth_token: token, pre_call_webhook_url: url } = patch
    if (token !== undefined) return seal(row.workspace_id, row.id, token)
    const isMoved =
      url !== undefined && originOf(url) !== originOf(row.settings.pre_call_webhook_url)
    return isMoved ? { auth_token: null, auth_token_hint: null } : {}
  }

  return {
    async createAgent({ body, access: { workspaceId } }) {
      check(body)
      const id = createId(clock.now())
      const { name, pre_call_webhook_auth_token: token, ...settings } = body
      const agent = {
        workspace_id: workspaceId,
        id,
        name,
        settings: withAnalyzerIds(settings, clock.now()),
        ...seal(workspaceId, id, token),
      }
      const row = await database.transaction((client) => agents.insertAgent(client, agent))
      await configChanged(context, workspaceId)
      return written(row)
    },

    async listAgents({ query, access: { workspaceId } }) {
      const { page, next } = await agents.listAgents(reads, workspaceId, query)
      return { agents: page.map(agents.renderAgent), next_cursor: next }
    },

    async getAgent({ params, access: { workspaceId } }) {
      const row = await agents.findAgent(reads, workspaceId, params.id)
      if (row === undefined) throw notFound('agent')
      return agents.renderAgent(row)
    },

    async updateAgent({ params, body, access: { workspaceId }, asked }) {
      check(body)
      const expected = readIfMatch(asked.headers['if-match'])
      const row = await database.transaction(async (client) => {
        const stored = await agents.lockAgent(client, workspaceId, params.id)
        if (stored === undefined) throw notFound('agent')
        if (expected !== null && expected !== stored.version) {
          throw new ProblemError(
            'version_conflict',
            `The agent is at version ${stored.version}, and was edited from version ${expected}`,
          )
        }
        const { name, pre_call_webhook_auth_token: _, ...patch } = body
        return await agents.updateAgent(client, {
          ...stored,
          name: name ?? stored.name,
          settings: withAnalyzerIds({ ...stored.settings, ...given(patch) }, clock.now()),
          ...patchToken(stored, body),
        })
      })
      await configChanged(context, workspaceId)
      return written(row)
    },

    async deleteAgent({ params, access: { workspaceId } }) {
      await database.transaction(async (client) => {
        const stored = await agents.lockAgent(client, workspaceId, params.id)
        if (stored === undefined) throw notFound('agent')
        const count = await countNumbersOf(client, workspaceId, params.id)
        if (count > 0) {
          throw new ProblemError('state_conflict', `The agent answers ${count} number(s)`)
        }
        await agents.deleteAgent(client, workspaceId, params.id)
      })
      await configChanged(context, workspaceId)
    },
  } satisfies Partial<Handlers>
}

type Fields = Omit<AgentCreate, 'name' | 'pre_call_webhook_auth_token'>

/** An analyzer keeps its id over edits; a new one gets one. */
const withAnalyzerIds = (settings: Fields, now: Date): AgentSettings => ({
  ...settings,
  analyzers: settings.analyzers.map(({ id = createId(now), ...analyzer }) => ({ id, ...analyzer })),
})

/** The fields of the patch that are given; JSON has no undefined ones. */
const given = (patch: { [K in keyof Fields]?: Fields[K] | undefined }): Partial<Fields> =>
  Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))

const originOf = (url: string | null): string =>
  url !== null && URL.canParse(url) ? new URL(url).origin : 'hosted'

function explainUrl(code: string): string {
  return code === 'blocked'
    ? 'points to an address that may not be reached from here'
    : 'must be an https URL without user name or password, or workflow:<name>'
}

function readIfMatch(header: string | undefined): number | null {
  if (header === undefined || header === '*') return null
  const [, version] = /^(?:W\/)?"(\d{1,9})"$/.exec(header.trim()) ?? []
  if (version === undefined) throw invalid('If-Match', 'must be a version in quotes, such as "3"')
  return Number(version)
}
