// Somebody to answer made-up calls: an agent with a number for each pre-call workflow.

import type { Client } from '@bookend/sdk/client'

export interface FirstAgent {
  readonly workflow: string
  readonly number: string
}

/** A range that is set apart for fiction. */
const numberOf = (index: number): string => `+155501009${String(index).padStart(2, '0')}`
const AGENTS_MAX = 20

/** @returns Those that were made; none where the workspace has an agent or a number. */
export async function makeFirstAgents(client: Client): Promise<readonly FirstAgent[]> {
  const [{ agents }, { numbers }, { workflows }] = await Promise.all([
    client.call('listAgents', { query: { limit: 1 } }),
    client.call('listNumbers', { query: { limit: 1 } }),
    client.call('listWorkflows', { query: {} }),
  ])
  if (agents.length > 0 || numbers.length > 0) return []
  const preCalls = workflows.filter(({ kind }) => kind === 'pre-call')
  // The one in TypeScript first: it is the one that the guide begins with.
  const ordered = preCalls.toSorted((a, b) => rank(a.form) - rank(b.form)).slice(0, AGENTS_MAX)
  const made: FirstAgent[] = []
  for (const [index, { name, parameters }] of ordered.entries()) {
    const agent = await client.call('createAgent', {
      body: {
        name: `Agent of ${name}`,
        first_message: parameters.includes('customer_name') ? 'Hello {{customer_name}}!' : 'Hello!',
        pre_call_webhook_url: `workflow:${name}`,
        pre_call_webhook_enabled: true,
      },
    })
    const number = numberOf(index)
    const { id } = await client.call('createNumber', { body: { number, label: name } })
    await client.call('assignAgent', { params: { id }, body: { agent_uuid: agent.id } })
    made.push({ workflow: name, number })
  }
  return made
}

const rank = (form: string): number => (form === 'typescript' ? 0 : 1)
