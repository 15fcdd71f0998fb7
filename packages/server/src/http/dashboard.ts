// The dashboard's built files, under a policy that runs no script but its own.

import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const POLICY =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
const YEAR_S = 31_536_000

/** Screens of the dashboard; each address is answered with its one page. */
const SCREENS = ['/', '/calls/*', '/calls', '/agents', '/agents/*', '/workflows', '/workflows/*']
const MORE_SCREENS = ['/numbers', '/webhooks', '/webhooks/*', '/runs', '/runs/*', '/sign-in']

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
  for (const path of [...SCREENS, ...MORE_SCREENS]) app.get(path, (_, reply) => page(reply))
  for (const file of ['/favicon.svg', '/favicon.ico']) {
    if (!existsSync(join(folder, file))) continue
    app.get(file, (_, reply) => reply.sendFile(file.slice(1), folder))
  }
  return true
}
