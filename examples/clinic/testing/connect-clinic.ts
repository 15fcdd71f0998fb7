// The clinic's workflows on real systems: its configuration, Bookend's connections, and the desk, the
// mail server and the practice on ports and a database of their own.

import { connectors } from '@bookend/connectors'
import type { JourneyCall, JourneyWorkflow } from '@bookend/core'
import { runPreCall } from '@bookend/core'
import type { AnyConnector } from '../../../packages/server/src/connections/configured.ts'
import { openConnections } from '../../../packages/server/src/connections/runtime.ts'
import { testClient } from '../../../packages/server/src/outgoing/testing/client.ts'
import { systemClock as clock } from '../../../packages/server/src/system-clock.ts'
import config from '../bookend.config.ts'
import { startDesk } from '../services/desk.ts'
import { startMail } from '../services/mail.ts'
import intake from '../workflows/clinic-intake.pre-call.ts'
import { openClinic } from './open-clinic.ts'
import { type Journal, runJourney } from './run-journey.ts'

export const TOKEN = 'clinic-desk'
const AGENT = { id: '0b0f1c1e-53a0-4f1e-9f63-3f3f1b0a7c02', name: 'Front Desk' }

export async function connectClinic(now: Date) {
  const clinic = await openClinic(now)
  const { pool, database } = clinic
  const lines: string[] = []
  const desk = await startDesk({ pool, port: 0, token: TOKEN })
  const mail = await startMail({ pool, port: 0, print: (line) => lines.push(line) })
  const { connections } = config({
    env: { CLINIC_DESK_URL: desk.url, CLINIC_MAIL_PORT: String(mail.port) },
    databaseUrl: database.url,
  })
  const catalog: Readonly<Record<string, unknown>> = connectors
  const client = testClient()
  const runtime = openConnections({
    configured: Object.entries(connections).map(([name, connection]) => {
      const connector = catalog[name.split('/')[0] ?? ''] as AnyConnector
      const settings = connector.settings.parse(connection?.settings)
      return { name, connector, settings, auth: connector.auth.parse(connection?.auth) }
    }),
    outgoing: client,
    clock,
    log: { info: () => undefined, warn: () => undefined },
  })

  return {
    pool,
    lines,
    query: async (sql: string): Promise<unknown[]> => (await pool.query(sql)).rows,
    deskUrl: desk.url,
    /** The intake of a call at the instant the practice was seeded on. */
    intake: (from: string) =>
      runPreCall(intake, {
        request: {
          call: {
            from_number: from,
            to_number: '+15550100900',
            direction: 'inbound',
            timestamp: now.toISOString(),
          },
          agent: AGENT,
        },
        clock,
        budgetMs: 4_800,
        connections: runtime.handlesFor(intake.connections, 'reads'),
        enter: (step, run) => runtime.enter(step, run),
      }),
    run: (workflow: JourneyWorkflow, call: JourneyCall, journal?: Journal) =>
      runJourney(workflow, {
        call,
        connections: runtime.handlesFor(workflow.connections, 'all'),
        enter: (name, run) =>
          runtime.enter(
            {
              name,
              key: `run-1-${name}`,
              signal: new AbortController().signal,
              remainingMs: () => 10_000,
              note: () => undefined,
            },
            run,
          ),
        ...(journal === undefined ? {} : { journal }),
      }),
    async [Symbol.asyncDispose]() {
      await runtime.close()
      await client[Symbol.asyncDispose]()
      await desk[Symbol.asyncDispose]()
      await mail[Symbol.asyncDispose]()
      await clinic[Symbol.asyncDispose]()
    },
  }
}
