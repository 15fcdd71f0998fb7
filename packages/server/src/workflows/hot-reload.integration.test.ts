import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testServer, type TestServer } from '../testing/server.ts'
import { addAgent, greet, greetingOf } from './testing/published.ts'

const FILE = 'intake.pre-call.yaml'
const code = (greeting: string): string => `
  import { preCall } from '@bookend/sdk'
  import { word } from './words/word.ts'
  import { z } from 'zod'
  export default preCall('typed', {
    budget: '1s',
    parameters: z.object({ greeting: z.string() }),
    fallback: { greeting: 'none' },
    run: () => ({ parameters: { greeting: ${JSON.stringify(greeting)} + word } }),
  })`

let server: TestServer
beforeAll(async () => {
  server = await testServer({
    env: { BOOKEND_WATCH: 'true', BOOKEND_LOG_LEVEL: 'silent' },
    workflows: { [FILE]: greet('One') },
  })
  await addAgent(server.client)
})
afterAll(() => server[Symbol.asyncDispose]())

const pathOf = (file: string): string => join(server.workflowsDir, file)
const write = (file: string, text: string): Promise<void> => writeFile(pathOf(file), text)
let number = 100
const ask = (): Promise<unknown> => greetingOf(server.client, `+1206555${(number += 1)}0`)
const soon = { timeout: 5_000, interval: 20 }
const names = async (): Promise<string> => {
  const { workflows } = await server.client.call('listWorkflows', {})
  return workflows.map(({ name }) => name).join()
}

describe('a file that is saved while the server runs', () => {
  test('is what the next call asks', async () => {
    await expect.poll(ask, soon).toBe('One')
    await write(FILE, greet('Two'))
    await expect.poll(ask, soon).toBe('Two')
    expect(server.printed.at(-1)).toMatch(/^reloaded intake [0-9a-f]{16} in \d+ ms$/)
  })

  test('is also seen when an editor puts another in its place', async () => {
    await write('draft.tmp', greet('Three'))
    await rename(pathOf('draft.tmp'), pathOf(FILE))
    await expect.poll(ask, soon).toBe('Three')
  })

  test('leaves what was there when it is faulty, and the server goes on (W1)', async () => {
    await write('second.pre-call.yaml', greet('Second', 'second'))
    await expect.poll(names, soon).toBe('intake,second')
    await write(FILE, 'workflow: [')
    await write('second.pre-call.yaml', greet('Changed', 'second'))
    await write('third.pre-call.yaml', greet('Third', 'third'))
    // All or none: the sound ones wait until the faulty one is mended.
    await rm(pathOf('second.pre-call.yaml'))
    await write(FILE, greet('Four'))
    await expect.poll(ask, soon).toBe('Four')
    expect(await names()).toBe('intake,third')
    await rm(pathOf('third.pre-call.yaml'))
    await expect.poll(names, soon).toBe('intake')
  })

  test('fails no call, however many are under way (P1)', async () => {
    let isOver = false
    const heard = new Set<unknown>()
    const calls = Array.from({ length: 8 }, async () => {
      while (!isOver) heard.add(await ask())
    })
    for (const greeting of ['Five', 'Six', 'Seven']) {
      await write(FILE, greet(greeting))
      await expect.poll(ask, soon).toBe(greeting)
    }
    isOver = true
    await Promise.all(calls)
    const { runs } = await server.client.call('listRuns', { query: { limit: 200 } })
    expect(runs.filter(({ status }) => status !== 'answered')).toEqual([])
    expect(heard).toEqual(new Set(['Four', 'Five', 'Six', 'Seven']))
  })

  test('may be TypeScript, and what it imports from below the folder', async () => {
    const { agents } = await server.client.call('listAgents', { query: {} })
    await server.client.call('updateAgent', {
      params: { id: agents[0]?.id ?? '' },
      body: { pre_call_webhook_url: 'workflow:typed' },
    })
    await mkdir(pathOf('words'))
    await write('words/word.ts', `export const word = ', Ada'`)
    await write('typed.pre-call.ts', code('Good morning'))
    await expect.poll(ask, soon).toBe('Good morning, Ada')
    await write('words/word.ts', `export const word = ', Grace'`)
    await expect.poll(ask, soon).toBe('Good morning, Grace')
  })
})
