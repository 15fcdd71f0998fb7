// Sets Bookend up for the clinic, through its API like anybody else.
//
//   agents, by the id of last time or by name ─▶ numbers, each assigned once ─▶ clinic.settings
//
// S1. A second start changes nothing that somebody may have edited: neither agents nor assignments.
// S2. Cut off half-way, the next start finishes the rest: what is done is written down last.

import type { Client } from '@bookend/sdk/client'
import { AGENTS, NUMBERS } from './agents.ts'

export interface Settings {
  read(name: string): Promise<string | null>
  write(name: string, value: string): Promise<void>
}

type Print = (line: string) => void

export async function setUp(client: Client, settings: Settings, print: Print): Promise<void> {
  const agentIds = await ensureAgents(client, settings, print)
  const existing = await listAll(async (cursor) => {
    const page = await client.call('listNumbers', { query: { limit: 200, ...cursor } })
    return { items: page.numbers, next: page.next_cursor }
  })
  for (const { number, label, agent } of NUMBERS) {
    const found = existing.find((candidate) => candidate.number === number)
    const { id, agent_id } =
      found ?? (await client.call('createNumber', { body: { number, label } }))
    const isAssigned = (await settings.read(`number:${number}`)) === id
    const agentId = agentIds.get(agent)
    if (!isAssigned && agent_id === null && agentId !== undefined) {
      await client.call('assignAgent', { params: { id }, body: { agent_uuid: agentId } })
    }
    if (!isAssigned) await settings.write(`number:${number}`, id)
    print(`number ${number} ${found === undefined ? `created, answered by ${agent}` : 'kept'}`)
  }
}

async function ensureAgents(
  client: Client,
  settings: Settings,
  print: Print,
): Promise<ReadonlyMap<string, string>> {
  const existing = await listAll(async (cursor) => {
    const page = await client.call('listAgents', { query: { limit: 200, ...cursor } })
    return { items: page.agents, next: page.next_cursor }
  })
  const ids = new Map<string, string>()
  for (const agent of AGENTS) {
    const known = await settings.read(`agent:${agent.name}`)
    const found =
      existing.find(({ id }) => id === known) ?? existing.find(({ name }) => name === agent.name)
    const { id } = found ?? (await client.call('createAgent', { body: agent }))
    if (id !== known) await settings.write(`agent:${agent.name}`, id)
    ids.set(agent.name, id)
    print(`agent ${agent.name} ${found === undefined ? 'created' : 'kept'}`)
  }
  return ids
}

type Cursor = { readonly cursor?: string }
type Page<T> = { readonly items: readonly T[]; readonly next: string | null }

async function listAll<T>(read: (cursor: Cursor) => Promise<Page<T>>): Promise<readonly T[]> {
  const all: T[] = []
  let cursor: Cursor = {}
  for (;;) {
    const { items, next } = await read(cursor)
    all.push(...items)
    if (next === null) return all
    cursor = { cursor: next }
  }
}
