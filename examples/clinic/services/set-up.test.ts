import type { RouteName } from '@bookend/contract'
import { routes } from '@bookend/contract'
import { ApiError, type Client } from '@bookend/sdk/client'
import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { FRONT_DESK, URGENT_NURSE } from './agents.ts'
import { setUp } from './set-up.ts'

/** The API as far as set-up needs it, in memory; every body is parsed by the route's own schema. */
function fakeBookend({ failOn }: { failOn?: RouteName } = {}) {
  const agents: any[] = []
  const numbers: any[] = []
  const calls: RouteName[] = []
  const state = { failOn }
  const pageOf = (items: any[], cursor = '0') => {
    const at = Number(cursor)
    return {
      items: items.slice(at, at + 1),
      next_cursor: at + 1 < items.length ? `${at + 1}` : null,
    }
  }
  const answers: Partial<Record<RouteName, (input: any) => unknown>> = {
    listAgents: ({ query }) => {
      const { items, ...rest } = pageOf(agents, query.cursor)
      return { agents: items, ...rest }
    },
    createAgent: ({ body }) => {
      const agent = { ...routes.createAgent.body.parse(body), id: randomUUID(), version: 1 }
      agents.push(agent)
      return agent
    },
    listNumbers: ({ query }) => {
      const { items, ...rest } = pageOf(numbers, query.cursor)
      return { numbers: items, ...rest }
    },
    createNumber: ({ body }) => {
      const number = { ...routes.createNumber.body.parse(body), id: randomUUID(), agent_id: null }
      numbers.push(number)
      return number
    },
    assignAgent: ({ params, body }) => {
      const { agent_uuid } = routes.assignAgent.body.parse(body)
      numbers.find(({ id }) => id === params.id).agent_id = agent_uuid
      return { message: 'assigned' }
    },
  }
  const client = {
    async call(name: RouteName, input: unknown) {
      if (state.failOn === name) throw new ApiError(503, null)
      calls.push(name)
      return structuredClone(answers[name]?.(input))
    },
  } as Client
  return { client, agents, numbers, calls, state }
}

function memory() {
  const values = new Map<string, string>()
  return {
    values,
    read: async (name: string) => values.get(name) ?? null,
    write: async (name: string, value: string) => void values.set(name, value),
  }
}

const silent = () => undefined

describe('setting Bookend up', () => {
  test('makes the agents and lets them answer their numbers', async () => {
    const bookend = fakeBookend()
    const settings = memory()
    const lines: string[] = []
    await setUp(bookend.client, settings, (line) => lines.push(line))
    expect(lines).toEqual([
      'agent Front Desk created',
      'agent Urgent Nurse created',
      'number +15550100900 created, answered by Front Desk',
      'number +15550100901 created, answered by Urgent Nurse',
    ])
    const [frontDesk, nurse] = bookend.agents
    expect(bookend.numbers.map(({ agent_id }) => agent_id)).toEqual([frontDesk.id, nurse.id])
    expect(settings.values.get(`agent:${URGENT_NURSE}`)).toBe(nurse.id)
  })

  test('a second time only reads, whatever was edited (S1)', async () => {
    const bookend = fakeBookend()
    const settings = memory()
    await setUp(bookend.client, settings, silent)
    bookend.agents[0].name = 'Reception'
    bookend.numbers[0].agent_id = null
    bookend.calls.length = 0
    await setUp(bookend.client, settings, silent)
    expect(new Set(bookend.calls)).toEqual(new Set(['listAgents', 'listNumbers']))
    expect(bookend.numbers[0].agent_id).toBeNull()
  })

  test('takes an agent of that name for its own when nothing was written down (S1)', async () => {
    const bookend = fakeBookend()
    bookend.agents.push({ id: randomUUID(), name: FRONT_DESK })
    await setUp(bookend.client, memory(), silent)
    expect(bookend.agents.map(({ name }) => name)).toEqual([FRONT_DESK, URGENT_NURSE])
  })

  test('leaves a number alone that somebody gave to another agent (S1)', async () => {
    const bookend = fakeBookend()
    const other = randomUUID()
    bookend.numbers.push({ id: randomUUID(), number: '+15550100900', agent_id: other })
    await setUp(bookend.client, memory(), silent)
    expect(bookend.numbers[0].agent_id).toBe(other)
  })

  test('makes an agent again that was deleted', async () => {
    const bookend = fakeBookend()
    const settings = memory()
    await setUp(bookend.client, settings, silent)
    bookend.agents.pop()
    await setUp(bookend.client, settings, silent)
    expect(settings.values.get(`agent:${URGENT_NURSE}`)).toBe(bookend.agents[1].id)
  })

  test('finishes what an earlier start began (S2)', async () => {
    const bookend = fakeBookend({ failOn: 'assignAgent' })
    const settings = memory()
    await expect(setUp(bookend.client, settings, silent)).rejects.toThrow('503')
    expect(bookend.numbers).toHaveLength(1)
    bookend.state.failOn = undefined
    await setUp(bookend.client, settings, silent)
    expect(bookend.numbers.map(({ agent_id }) => agent_id)).not.toContain(null)
    expect(bookend.agents).toHaveLength(2)
  })
})
