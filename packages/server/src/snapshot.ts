// What a call needs to know of the configuration, in memory: agents, numbers, keys, workspaces.
//
// N1. A call that comes in asks no database (P2), and goes on while there is none (F8).
// N2. Who writes reads what they wrote: a write reloads its workspace before it is answered; other
//     processes hear of it and do the same.

import type { MaskRule } from '@bookend/contract'
import type { Log } from './log.ts'
import type { Secrets } from './secrets/secrets.ts'
import type { Database } from './store/database.ts'
import type { AgentRow } from './store/postgres/agents.ts'
import { tokenContext } from './store/postgres/agents.ts'
import type { KeyRow } from './store/postgres/keys.ts'
import type { NumberRow } from './store/postgres/numbers.ts'
import type { TokenInMemory, WorkflowTokenRow } from './store/postgres/workflow-tokens.ts'
import { openTokens } from './store/postgres/workflow-tokens.ts'
import type { WorkspaceRow } from './store/postgres/workspaces.ts'
import { listWorkspaces, signingContext } from './store/postgres/workspaces.ts'

export interface AgentInMemory extends AgentRow {
  /** The bearer token of its endpoint, opened. */
  readonly token: string | null
}

interface WorkspaceInMemory {
  readonly id: string
  readonly name: string
  readonly signingSecret: string | null
  readonly maskRule: MaskRule
  readonly agents: ReadonlyMap<string, AgentInMemory>
  readonly agentIdByNumber: ReadonlyMap<string, string | null>
  readonly keys: readonly KeyRow[]
  readonly workflowTokens: readonly TokenInMemory[]
}

export class Snapshot {
  readonly #database: Database
  readonly #secrets: Secrets
  readonly #log: Log
  #workspaces = new Map<string, WorkspaceInMemory>()
  #keys = new Map<string, KeyRow>()
  #workflowTokens = new Map<string, TokenInMemory>()
  /** Loads of one workspace follow one another, so that an older one never wins. */
  #loading: Promise<void> = Promise.resolve()

  constructor(database: Database, secrets: Secrets, log: Log) {
    this.#database = database
    this.#secrets = secrets
    this.#log = log
  }

  /** @param workspaceId `*` for all. */
  reload(workspaceId: string): Promise<void> {
    const load = async (): Promise<void> => {
      const all = await listWorkspaces(this.#queryable)
      const wanted = all.filter(({ id }) => workspaceId === '*' || id === workspaceId)
      const loaded = await Promise.all(wanted.map((row) => this.#load(row)))
      for (const workspace of loaded) this.#workspaces.set(workspace.id, workspace)
      const keys = [...this.#workspaces.values()].flatMap((workspace) => workspace.keys)
      this.#keys = new Map(keys.map((key) => [key.id, key]))
      const tokens = [...this.#workspaces.values()].flatMap((loaded) => loaded.workflowTokens)
      this.#workflowTokens = new Map(tokens.map((token) => [token.hash, token]))
    }
    this.#loading = this.#loading.then(load, load)
    return this.#loading
  }

  findKey(id: string): KeyRow | undefined {
    return this.#keys.get(id)
  }

  /** @param hash As `hashWorkflowToken` makes it. */
  findWorkflowToken(hash: string): TokenInMemory | undefined {
    return this.#workflowTokens.get(hash)
  }

  findWorkspace(id: string): Pick<WorkspaceInMemory, 'id' | 'name' | 'signingSecret'> | undefined {
    return this.#workspaces.get(id)
  }

  maskRule(workspaceId: string): MaskRule {
    return this.#workspaces.get(workspaceId)?.maskRule ?? 'viewers'
  }

  findAgent(workspaceId: string, id: string): AgentInMemory | undefined {
    return this.#workspaces.get(workspaceId)?.agents.get(id)
  }

  agentsNamed(workspaceId: string, name: string): readonly AgentInMemory[] {
    const agents = this.#workspaces.get(workspaceId)?.agents.values() ?? []
    return [...agents].filter((agent) => agent.name === name)
  }

  /** @param target As agents have it, such as `workflow:intake`. */
  agentsAsking(workspaceId: string, target: string): readonly AgentInMemory[] {
    const agents = this.#workspaces.get(workspaceId)?.agents.values() ?? []
    return [...agents].filter(({ settings }) => settings.pre_call_webhook_url === target)
  }

  /** One of the numbers that the agent answers. */
  numberOfAgent(workspaceId: string, agentId: string): string | undefined {
    const numbers = this.#workspaces.get(workspaceId)?.agentIdByNumber ?? []
    for (const [number, answering] of numbers) if (answering === agentId) return number
    return undefined
  }

  /** Null: the number has no agent. Undefined: the workspace has no such number. */
  agentIdOfNumber(workspaceId: string, number: string): string | null | undefined {
    return this.#workspaces.get(workspaceId)?.agentIdByNumber.get(number)
  }

  get #queryable() {
    return { query: this.#database.pool.query.bind(this.#database.pool) }
  }

  async #load(row: WorkspaceRow): Promise<WorkspaceInMemory> {
    const { query } = this.#database
    const [agents, numbers, keys, tokens] = await Promise.all([
      query<AgentRow>('select * from agents where workspace_id = $1', [row.id]),
      query<NumberRow>('select * from phone_numbers where workspace_id = $1', [row.id]),
      query<KeyRow>('select * from api_keys where workspace_id = $1', [row.id]),
      query<WorkflowTokenRow>('select * from workflow_tokens where workspace_id = $1', [row.id]),
    ])
    return {
      id: row.id,
      name: row.name,
      signingSecret: this.#open(row.signing_secret, signingContext(row.id)),
      maskRule: row.settings.mask_for ?? 'viewers',
      agents: new Map(agents.map((agent) => [agent.id, this.#withToken(agent)])),
      agentIdByNumber: new Map(numbers.map((number) => [number.number, number.agent_id])),
      keys,
      workflowTokens: tokens.flatMap((token) =>
        openTokens(token, (sealed, context) => this.#open(sealed, context)),
      ),
    }
  }

  #withToken(agent: AgentRow): AgentInMemory {
    const { auth_token: sealed, workspace_id: workspaceId, id } = agent
    return { ...agent, token: sealed && this.#open(sealed, tokenContext(workspaceId, id)) }
  }

  /** One credential that does not open must not stop the calls of the others. */
  #open(sealed: Uint8Array, context: string): string | null {
    try {
      return this.#secrets.decrypt(sealed, context)
    } catch (error) {
      this.#log.error({ err: error }, 'a stored credential cannot be opened')
      return null
    }
  }
}
