// A connection as the API shows it: no secret, who uses it, and how it is doing.

import type { Connection, ConnectionHealth, ConnectionUse } from '@bookend/contract'
import type { LoadedWorkflow } from '../../workflows/registry.ts'
import type { ConnectionRow } from '../../store/postgres/connections.ts'
import type { HealthRow } from '../../store/postgres/connection-health.ts'
import { connectorIdOf } from '../catalog.ts'
import type { ConfiguredConnection } from '../configured.ts'
import { maskAuth, maskSettings } from './mask.ts'

export interface Around {
  readonly health: ReadonlyMap<string, HealthRow>
  readonly workflows: readonly LoadedWorkflow[]
  readonly circuitOf: (name: string) => ConnectionHealth['circuit']
  readonly limitsOf: (name: string) => ConnectionHealth['limits']
}

export function renderStored(
  row: ConnectionRow,
  unusable: string | null,
  around: Around,
): Connection {
  return {
    name: row.name,
    connector: connectorIdOf(row.name),
    origin: 'stored',
    version: row.version,
    settings: maskSettings(row.settings),
    auth: row.auth_shown,
    ...statusOf(unusable, row.updated_at, around.health.get(row.name)),
    health: renderHealth(row.name, around),
    used_by: usesOf(row.name, around.workflows),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
}

export function renderOfFile(
  { name, settings, auth }: ConfiguredConnection,
  around: Around,
): Connection {
  return {
    name,
    connector: connectorIdOf(name),
    origin: 'file',
    version: null,
    settings: maskSettings(settings),
    auth: maskAuth(auth),
    ...statusOf(null, null, around.health.get(name)),
    health: renderHealth(name, around),
    used_by: usesOf(name, around.workflows),
    created_at: null,
    updated_at: null,
  }
}

type Status = Pick<Connection, 'status' | 'status_code' | 'status_since'>

function statusOf(
  unusable: string | null,
  since: Date | null,
  health: HealthRow | undefined,
): Status {
  if (unusable !== null) {
    const status_since = since?.toISOString() ?? null
    return { status: 'needs_credential', status_code: unusable, status_since }
  }
  const { attention_since: at = null, attention_code: code = null } = health ?? {}
  return at === null
    ? { status: 'ok', status_code: null, status_since: null }
    : { status: 'needs_attention', status_code: code, status_since: at.toISOString() }
}

function renderHealth(name: string, { health, circuitOf, limitsOf }: Around): ConnectionHealth {
  const row = health.get(name)
  const at = row?.last_failure_at ?? null
  return {
    last_used_at: row?.last_used_at.toISOString() ?? null,
    last_success_at: row?.last_success_at?.toISOString() ?? null,
    last_failure:
      at === null ? null : { at: at.toISOString(), code: row?.last_failure_code ?? 'unknown' },
    calls_last_hour: row?.calls ?? 0,
    failures_last_hour: row?.failures ?? 0,
    circuit: circuitOf(name),
    limits: limitsOf(name),
  }
}

export function usesOf(name: string, workflows: readonly LoadedWorkflow[]): ConnectionUse[] {
  return workflows.flatMap(({ name: workflow, kind, definition }) =>
    Object.entries(definition.connections)
      .filter(([, used]) => used === name)
      .map(([as]) => ({ workflow, kind, as })),
  )
}
