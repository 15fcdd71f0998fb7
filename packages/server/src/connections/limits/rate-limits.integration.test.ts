import { expect, test } from 'vitest'
import { openDatabase } from '../../store/database.ts'
import { migrate } from '../../store/migrate.ts'
import { listRateLimits, saveRateLimits } from '../../store/postgres/rate-limits.ts'
import { testDatabase } from '../../testing/postgres.ts'

test('what one process was told is kept for the others, and no refusal is shortened (L3)', async () => {
  await using own = await testDatabase()
  const database = openDatabase(own.url)
  try {
    await database.transaction((client) => migrate(client))
    const workspaceId = '00000000-0000-7000-8000-000000000001'
    const other = '00000000-0000-7000-8000-000000000002'
    await database.query(`insert into workspaces values ($1, 'a', ''), ($2, 'b', '')`, [
      workspaceId,
      other,
    ])
    const soon = new Date(Date.now() + 60_000)
    const sooner = new Date(Date.now() + 1_000)
    const row = { account: 'crm/main', bucket: 'default', quota: 10, remaining: 3 }
    const none = { remaining: null, quota: null, reset_at: null }
    await database.transaction((client) =>
      saveRateLimits(client, workspaceId, [{ ...row, reset_at: soon, blocked_until: soon }]),
    )
    await database.transaction((client) =>
      saveRateLimits(client, workspaceId, [{ ...row, ...none, blocked_until: sooner }]),
    )
    const heard = await database.transaction((client) => listRateLimits(client, workspaceId))
    expect(heard).toEqual([
      { account: 'crm/main', bucket: 'default', ...none, quota: 10, blocked_until: soon },
    ])
    expect(await database.transaction((client) => listRateLimits(client, other))).toEqual([])
  } finally {
    await database.close()
  }
})
