import type { MaskRule, Retention, SettingsUpdate } from '@bookend/contract'
import type { Queryable } from '../database.ts'

/** As stored: what was never set is not there. */
export interface StoredSettings {
  readonly retention?: Partial<Retention>
  readonly mask_for?: MaskRule
}

export const renderRetention = ({ retention }: StoredSettings): Retention => ({
  calls_days: null,
  transcripts_days: null,
  runs_days: null,
  deliveries_days: null,
  ...retention,
})

export async function readSettings(
  client: Queryable,
  workspaceId: string,
): Promise<StoredSettings> {
  const { rows } = await client.query<{ settings: StoredSettings }>(
    'select settings from workspaces where id = $1',
    [workspaceId],
  )
  return rows[0]?.settings ?? {}
}

export async function writeSettings(
  client: Queryable,
  workspaceId: string,
  { retention, mask_for }: SettingsUpdate,
): Promise<void> {
  await client.query(
    `update workspaces set settings = settings || $2::jsonb || jsonb_build_object('retention',
       coalesce(settings -> 'retention', '{}'::jsonb) || $3::jsonb) where id = $1`,
    [
      workspaceId,
      JSON.stringify(mask_for && { mask_for }) ?? '{}',
      JSON.stringify(retention ?? {}),
    ],
  )
}
