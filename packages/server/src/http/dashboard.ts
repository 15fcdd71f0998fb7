// The dashboard's built files, under a policy that runs no script but its own.

import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const POLICY =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
const YEAR_S = 31_536_000

/** @returns Whether it was built: without it the API is served all the same. */
export function addDashboard(app: FastifyInstance, folder: string | null): boolean {
  if (folder === null || !existsSync(join(folder, 'index.html'))) return false
  app.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    index: false,
    decorateReply: true,
    maxAge: YEAR_S * 1_000,
    immutable: true,
  })
  const page = (reply: FastifyReply): FastifyReply =>
    reply
      .header('content-security-policy', POLICY)
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'same-origin')
      .header('cache-control', 'no-cache')
      .sendFile('index.html', folder, { maxAge: 0, immutable: false, cacheControl: false })
  // Every address that a browser opens and nothing else answers is a screen of the one page.
  app.get('/*', (request, reply) => (isScreen(request) ? page(reply) : reply.callNotFound()))
  for (const file of ['/favicon.svg', '/favicon.ico']) {
    if (!existsSync(join(folder, file))) continue
    app.get(file, (_, reply) => reply.sendFile(file.slice(1), folder))
  }
  return true
}

function isScreen({ url, headers }: FastifyRequest): boolean {
  const [path = ''] = url.split('?', 1)
  const isOurs = path.startsWith('/api/') || path.startsWith('/assets/')
  return !isOurs && !path.includes('.') && headers.accept?.includes('text/html') === true
}
