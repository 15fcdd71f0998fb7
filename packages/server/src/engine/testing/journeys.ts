// Journeys for the tests of the engine. What they do outside is a row in `effects`, written on a
// connection of its own as another system would keep it.

import type { JourneyContext, JourneyWorkflow } from '@bookend/core'
import pg from 'pg'
import type { LoadedJourney, WorkflowRegistry } from '../../workflows/registry.ts'

export interface Effects {
  note(runId: string, step: string): Promise<void>
  count(step: string): Promise<number>
  close(): Promise<void>
}

export function openEffects(databaseUrl: string): Effects {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 })
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return {
    async note(runId, step) {
      await pool.query('insert into public.effects (run_id, step) values ($1, $2)', [runId, step])
    },
    async count(step) {
      const { rows } = await pool.query<{ count: number }>(
        'select count(*)::int as count from public.effects where step = $1',
        [step],
      )
      return rows[0]?.count ?? 0
    },
    close: () => pool.end(),
  }
}

type Run = (context: JourneyContext) => Promise<unknown>

export function journeyOn(
  on: string,
  name: string,
  run: Run,
  rest: Partial<Pick<JourneyWorkflow, 'matches' | 'keyOf' | 'onceOf'>> = {},
): JourneyWorkflow {
  return {
    kind: 'journey',
    name,
    on,
    connections: {},
    matches: () => true,
    keyOf: () => null,
    run,
    ...rest,
  }
}

/** All versions of all journeys; the last one given of a name is its active one. */
export function registryOf(
  versions: readonly { version: string; definition: JourneyWorkflow }[],
): Pick<WorkflowRegistry, 'journey' | 'journeysOn'> {
  const loaded = versions.map(({ version, definition }): LoadedJourney => {
    const { name } = definition
    return {
      name,
      version,
      form: 'typescript',
      origin: 'file',
      graph: null,
      kind: 'journey',
      updatedAt: new Date(0),
      definition,
    }
  })
  const active = new Map(loaded.map((journey) => [journey.name, journey]))
  return {
    journeysOn: (type) => [...active.values()].filter(({ definition }) => definition.on === type),
    journey: async (name, version) =>
      loaded.find((journey) => journey.name === name && journey.version === version) ?? null,
  }
}
