import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryFolder, type TemporaryFolder } from '../testing/temporary-folder.ts'
import { addDashboard } from './dashboard.ts'

let folder: TemporaryFolder
let app: FastifyInstance
beforeAll(async () => {
  folder = await temporaryFolder()
  await mkdir(join(folder.path, 'assets'))
  await writeFile(
    join(folder.path, 'index.html'),
    '<!doctype html><meta property="csp-nonce" nonce="of-the-answer" /><title>Bookend</title>',
  )
  await writeFile(join(folder.path, 'assets', 'main-1.js'), 'export {}')
  app = Fastify()
  addDashboard(app, folder.path)
})
afterAll(async () => {
  await app.close()
  await folder[Symbol.asyncDispose]()
})

const open = (url: string, accept = 'text/html,*/*') =>
  app.inject({ method: 'GET', url, headers: { accept } })

describe('the dashboard', () => {
  test.each(['/', '/calls', '/calls/1', '/handoffs', '/agents/1?tab=a', '/workflows/intake'])(
    'opens its page at %s, under a policy that runs only its own scripts (E1)',
    async (url) => {
      const page = await open(url)
      expect(page.statusCode).toBe(200)
      expect(page.body).toContain('<title>Bookend')
      const policy = String(page.headers['content-security-policy']).split('; ')
      for (const rule of ["default-src 'self'", "object-src 'none'", "base-uri 'none'"]) {
        expect(policy).toContain(rule)
      }
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy.join()).not.toMatch(/unsafe|\*|https?:|script-src/)
      expect(page.headers['x-content-type-options']).toBe('nosniff')
      expect(page.body).not.toMatch(/<script(?![^>]* src=)|\son\w+=|javascript:/i)
      expect(page.headers['cache-control']).toBe('no-cache')
    },
  )

  test('lets its own style sheets in by a nonce that no other answer has', async () => {
    const nonces = await Promise.all(
      [1, 2].map(async () => {
        const page = await open('/')
        const [, given] = /<meta property="csp-nonce" nonce="([\w+/=]{24})"/.exec(page.body) ?? []
        const policy = String(page.headers['content-security-policy'])
        expect(policy).toContain(`style-src 'self' 'nonce-${given}'`)
        return given
      }),
    )
    expect(new Set(nonces).size).toBe(2)
  })

  test('keeps its hashed files in the browser for good', async () => {
    const file = await open('/assets/main-1.js', '*/*')
    expect(file.headers['cache-control']).toContain('immutable')
  })

  test.each([
    ['/api/v1/nothing', 'text/html'],
    ['/assets/none.js', 'text/html'],
    ['/robots.txt', 'text/html'],
    ['/calls', 'application/json'],
    ['/../secret.key', 'text/html'],
  ])('answers nothing at %s for %s', async (url, accept) => {
    expect((await open(url, accept)).statusCode).toBe(404)
  })
})

test('without a built dashboard, none is served', () => {
  expect(addDashboard(Fastify(), null)).toBe(false)
  expect(addDashboard(Fastify(), '/nowhere')).toBe(false)
})
