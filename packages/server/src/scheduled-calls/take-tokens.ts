// How often calls may be placed: a bucket for each number, journey and workspace (C12).
//
// K1. All three or none: a call that one of them refuses takes nothing from the others.

import type { Database } from '../store/database.ts'

interface Bucket {
  readonly destination: string
  readonly max: number
  readonly perHour: number
}

const NUMBER = { max: 3, perHour: 1 / 8 }
const WORKFLOW = { max: 100, perHour: 100 }
const WORKSPACE = { max: 300, perHour: 300 }

/** The number was called too often lately, or too much is placed at the moment; null: neither. */
export type Refusal =
  | { readonly kind: 'number' }
  | { readonly kind: 'rate'; readonly waitMs: number }

class EmptyError extends Error {
  readonly bucket: Bucket
  constructor(bucket: Bucket) {
    super('empty')
    this.bucket = bucket
  }
}

export async function takeTokens(
  database: Database,
  workspaceId: string,
  { to, workflow }: { readonly to: string; readonly workflow: string | null },
): Promise<Refusal | null> {
  const number = { ...NUMBER, destination: `to ${to}` }
  const buckets: readonly Bucket[] = [
    number,
    { ...WORKFLOW, destination: `workflow ${workflow ?? ''}` },
    { ...WORKSPACE, destination: 'workspace' },
  ]
  try {
    await database.transaction(async (client) => {
      for (const bucket of buckets) {
        const { rows } = await client.query(TAKE, [
          workspaceId,
          bucket.destination,
          bucket.max,
          bucket.perHour,
        ])
        if (rows.length === 0) throw new EmptyError(bucket)
      }
    })
    return null
  } catch (error) {
    if (!(error instanceof EmptyError)) throw error
    if (error.bucket === number) return { kind: 'number' }
    return { kind: 'rate', waitMs: 3_600_000 / error.bucket.perHour }
  }
}

const FILLED = `least($3::double precision, b.tokens
  + extract(epoch from clock_timestamp() - b.filled_at) / 3600 * $4::double precision)`

const TAKE = `
  insert into dial_buckets as b (workspace_id, destination, tokens, filled_at)
  values ($1, $2, $3::double precision - 1, clock_timestamp())
  on conflict (workspace_id, destination) do update
    set tokens = ${FILLED} - 1, filled_at = clock_timestamp() where ${FILLED} >= 1
  returning tokens`
