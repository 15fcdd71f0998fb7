import { expect, test } from 'vitest'
import { sweepEndedEntries } from './queue-rows.ts'
import { registryOf } from './testing/journeys.ts'
import { engineOn, openScene } from './testing/scene.ts'

test('entries that are over for an hour are swept, however many there are; others stay', async () => {
  await using scene = await openScene()
  const engine = await engineOn(scene, registryOf([]), { runs: false })
  try {
    const { pool } = scene.database
    await pool.query(
      `insert into dbos.workflow_status (workflow_uuid, status, name, application_name, completed_at)
       select 'old ' || n, 'SUCCESS', 'journey', 'bookend',
         (extract(epoch from now() - interval '2 hours') * 1000)::bigint
       from generate_series(1, 2500) n
       union all select 'young', 'SUCCESS', 'journey', 'bookend',
         (extract(epoch from now()) * 1000)::bigint
       union all select 'open', 'PENDING', 'journey', 'bookend', null
       union all select 'foreign', 'SUCCESS', 'other', 'other', 1`,
    )
    expect(await sweepEndedEntries(pool)).toBe(2_500)
    const { rows } = await pool.query<{ id: string }>(
      'select workflow_uuid as id from dbos.workflow_status order by 1',
    )
    expect(rows.map(({ id }) => id)).toEqual(['foreign', 'open', 'young'])
    expect(await sweepEndedEntries(pool)).toBe(0)
  } finally {
    await engine.close()
  }
})
