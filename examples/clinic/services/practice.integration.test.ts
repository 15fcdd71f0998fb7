import { describe, expect, test } from 'vitest'
import { testDatabase } from '../../../packages/server/src/testing/postgres.ts'
import { query } from '../../../packages/server/src/testing/query.ts'
import { applyPractice, openPractice, readSetting, writeSetting } from './practice.ts'
import { SEED } from './seed.ts'

/** Thursday morning at the clinic. */
const NOW = new Date('2026-11-26T15:00:00Z')

describe('the practice', () => {
  test('is seeded once, with days that count from the first start (K1)', async () => {
    await using database = await testDatabase()
    const pool = openPractice(database.url)
    expect(await applyPractice(pool, NOW)).toBe('seeded')
    const appointment = await query(
      database,
      `select starts_at from clinic.appointments a join clinic.patients p on p.id = a.patient_id
       where phone = '+15550100001' and status = 'booked' order by starts_at limit 1`,
    )
    expect(appointment).toEqual([{ starts_at: new Date('2026-11-27T19:30:00Z') }])

    await query(database, `delete from clinic.patients where phone = '+15550100012'`)
    await query(database, `update clinic.patients set vip = false`)
    expect(await applyPractice(pool, new Date('2026-12-24T15:00:00Z'))).toBe('kept')
    const patients = await query(database, 'select vip from clinic.patients')
    expect(patients).toHaveLength(SEED.length - 1)
    expect(patients).not.toContainEqual({ vip: true })
    await pool.end()
  })

  test('is seeded once by two processes that start at once (K2)', async () => {
    await using database = await testDatabase()
    const pools = [openPractice(database.url), openPractice(database.url)]
    const states = await Promise.all(pools.map((pool) => applyPractice(pool, NOW)))
    expect(states.toSorted()).toEqual(['kept', 'seeded'])
    expect(await query(database, 'select from clinic.patients')).toHaveLength(SEED.length)
    await Promise.all(pools.map((pool) => pool.end()))
  })

  test('keeps a setting until it is written again', async () => {
    await using database = await testDatabase()
    const pool = openPractice(database.url)
    await applyPractice(pool, NOW)
    expect(await readSetting(pool, 'agent:Urgent Nurse')).toBeNull()
    await writeSetting(pool, 'agent:Urgent Nurse', 'one')
    await writeSetting(pool, 'agent:Urgent Nurse', 'two')
    expect(await readSetting(pool, 'agent:Urgent Nurse')).toBe('two')
    await pool.end()
  })
})
