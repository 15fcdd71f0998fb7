// What people and machines that run a server ask: is it alive, is it ready, how is it doing.

import type { FastifyInstance } from 'fastify'
import { randomBytes } from 'node:crypto'
import type { Metrics } from '../telemetry/metrics.ts'
import { createOpenApi } from './openapi.ts'
import { refuseMetrics } from './metrics-access.ts'
import { renderApiPage } from './pages/api-page.ts'

export interface Readiness {
  /** Each part by name, and whether it is ready; none is asked for longer than a second. */
  check(): Promise<Readonly<Record<string, boolean>>>
}

export interface OperationsOptions {
  readonly version: string
  readonly readiness: Readiness
  readonly metrics: Metrics
  /** Null: `/metrics` answers this machine alone. */
  readonly metricsToken: string | null
}

export function addOperations(
  app: FastifyInstance,
  { version, readiness, metrics, metricsToken }: OperationsOptions,
): void {
  const openApi = JSON.stringify(createOpenApi(version))

  app.get('/healthz', (_, reply) => reply.send({ status: 'ok' }))

  app.get('/readyz', async (_, reply) => {
    const parts = await readiness.check()
    const isReady = Object.values(parts).every(Boolean)
    if (!isReady) reply.header('retry-after', '1')
    return await reply
      .code(isReady ? 200 : 503)
      .send({ status: isReady ? 'ready' : 'not_ready', ...parts })
  })

  app.get('/metrics', async ({ headers, socket }, reply) => {
    const refusal = refuseMetrics(metricsToken, headers, socket.remoteAddress)
    if (refusal !== null) throw refusal
    return await reply.type(metrics.contentType).send(await metrics.render())
  })

  app.get('/openapi.json', (_, reply) => reply.type('application/json').send(openApi))

  app.get('/docs', (_, reply) => {
    const nonce = randomBytes(16).toString('base64')
    return reply
      .header('content-security-policy', `default-src 'none'; style-src 'nonce-${nonce}'`)
      .type('text/html; charset=utf-8')
      .send(renderApiPage(version, nonce))
  })
}
