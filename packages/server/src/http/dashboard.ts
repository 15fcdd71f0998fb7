// The dashboard's built files, under a policy that runs no script but its own.
//
// The text editor makes its style sheet in the browser, so each answer carries a nonce of its own,
// which the page finds in a meta element.

import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const policyWith = (nonce: string): string =>
  `default-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`
/** Where index.html wants the nonce. */
const NONCE_MARK = 'nonce="of-the-answer"'
const NONCE_BYTES = 16
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
  // Read each time: it names files that another build may have replaced meanwhile.
  const page = async (reply: FastifyReply): Promise<string> => {
    const html = await readFile(join(folder, 'index.html'), 'utf8')
    const nonce = randomBytes(NONCE_BYTES).toString('base64')
    reply
      .header('content-security-policy', policyWith(nonce))
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'same-origin')
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
    return html.replace(NONCE_MARK, `nonce="${nonce}"`)
  }
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
