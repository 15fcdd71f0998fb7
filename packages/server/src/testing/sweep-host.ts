// One sweep of the old records of a database, as a process of its own, for a test that has it die.

import { createLog } from '../log.ts'
import { openDatabase } from '../store/database.ts'
import { systemClock as clock } from '../system-clock.ts'
import { startRetention } from '../workers/retention/retention.ts'

const database = openDatabase(process.argv[2] ?? '', { connections: 2 })
const retention = startRetention({ database, clock, log: createLog('silent'), retentionDays: 30 })
console.log(JSON.stringify(await retention.sweep()))
await retention.close()
await database.close()
