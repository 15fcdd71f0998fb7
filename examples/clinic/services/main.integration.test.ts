import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { testDatabase } from '../../../packages/server/src/testing/postgres.ts'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))

/** Bookend's API as far as set-up needs it; it answers 503 to the first request of all. */
async function openApi() {
  const agents: any[] = []
  const numbers: any[] = []
  let requests = 0
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    requests += 1
    const isPost = request.method === 'POST'
    const body: any = isPost ? JSON.parse(await text(request)) : null
    const isAgents = request.url?.startsWith('/api/v1/agents') === true
    const list = isAgents ? agents : numbers
    const created = { id: randomUUID(), agent_id: null, ...body }
    const isAssignment = request.url?.endsWith('/assign_agent') === true
    if (isPost && !isAssignment) list.push(created)
    response.writeHead(requests === 1 ? 503 : isPost ? 201 : 200)
    const page = { [isAgents ? 'agents' : 'numbers']: list, next_cursor: null }
    response.end(JSON.stringify(isPost ? created : page))
  }
  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    agents,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function startMain(env: Record<string, string>) {
  const child = spawn(process.execPath, ['--conditions=@bookend/source', '--import', 'tsx', MAIN], {
    env: { PATH: process.env['PATH'], CLINIC_DESK_PORT: '0', CLINIC_MAIL_PORT: '0', ...env },
  })
  const exited = once(child, 'exit')
  const errors = text(child.stderr)
  const lines: string[] = []
  const reader = createInterface({ input: child.stdout })
  const ready = new Promise<void>((resolve) => {
    reader.on('line', (line) => {
      lines.push(line)
      if (line === 'clinic ready') resolve()
    })
  })
  return {
    child,
    lines,
    errors,
    ready: Promise.race([ready, exited.then(async () => Promise.reject(new Error(await errors)))]),
    code: exited.then(([code]) => code as number | null),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

describe('the clinic’s process', () => {
  test('says what it has opened, and ends with its input or a signal, whatever is late', async () => {
    await using database = await testDatabase()
    await using api = await openApi()
    const env = {
      CLINIC_DATABASE_URL: database.url,
      BOOKEND_URL: api.url,
      BOOKEND_API_KEY: 'bk_test',
    }
    await using clinic = startMain(env)
    await clinic.ready
    expect(clinic.lines).toEqual([
      'practice seeded with 12 patients',
      expect.stringMatching(/^ticket desk http:\/\/127\.0\.0\.1:\d+$/),
      expect.stringMatching(/^mail server 127\.0\.0\.1:\d+$/),
      'agent Front Desk created',
      'agent Urgent Nurse created',
      'number +15550100900 created, answered by Front Desk',
      'number +15550100901 created, answered by Urgent Nurse',
      'clinic ready',
    ])
    clinic.child.stdin.end()
    expect(await clinic.code).toBe(0)

    await using again = startMain(env)
    await again.ready
    expect(again.lines).toContain('practice kept')
    expect(api.agents).toHaveLength(2)
    const desk = again.lines.find((line) => line.startsWith('ticket desk'))?.split(' ')[2] ?? ''
    const headers = { authorization: 'Bearer clinic-desk' }
    await fetch(`${desk}/knobs`, { method: 'PUT', headers, body: '{"delayMs":60000}' })
    const late = fetch(`${desk}/tickets`, { headers }).catch(() => 'cut off')
    await fetch(`${desk}/knobs`, { headers })
    again.child.kill('SIGTERM')
    expect(await again.code).toBe(0)
    expect([await late, await again.errors]).toEqual(['cut off', ''])
  })

  test('names what is not set', async () => {
    await using clinic = startMain({ BOOKEND_URL: 'http://127.0.0.1:1' })
    clinic.ready.catch(() => undefined)
    expect(await clinic.errors).toMatch(/^Set CLINIC_DATABASE_URL, BOOKEND_API_KEY;/)
    expect(await clinic.code).toBe(1)
  })

  test('says which port is taken, and how to take another', async () => {
    await using database = await testDatabase()
    await using api = await openApi()
    await using clinic = startMain({
      CLINIC_DATABASE_URL: database.url,
      BOOKEND_URL: api.url,
      BOOKEND_API_KEY: 'bk_test',
      CLINIC_DESK_PORT: new URL(api.url).port,
    })
    clinic.ready.catch(() => undefined)
    expect(await clinic.errors).toMatch(/^Port \d+ is taken; set CLINIC_DESK_PORT/)
    expect(await clinic.code).toBe(1)
  })

  test('ends at once while it waits for a Bookend that is not there', async () => {
    await using database = await testDatabase()
    await using clinic = startMain({
      CLINIC_DATABASE_URL: database.url,
      BOOKEND_URL: 'http://127.0.0.1:1',
      BOOKEND_API_KEY: 'bk_test',
    })
    clinic.ready.catch(() => undefined)
    await expect.poll(() => clinic.lines.length, { timeout: 10_000 }).toBe(3)
    clinic.child.stdin.end()
    expect(await clinic.code).toBe(0)
  })
})
