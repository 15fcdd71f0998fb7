// `npm run -w e2e faults -- --events 20000 --kills 20 --crashes 5 --seed 1`, on the built server.
// Ends with status 1 when anything was lost or doubled.

import { parseArgs } from 'node:util'
import { runStorm } from './storm.ts'

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '20000' },
    kills: { type: 'string', default: '20' },
    crashes: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
  },
})
const result = await runStorm({
  events: Number(values.events),
  kills: Number(values.kills),
  crashes: Number(values.crashes),
  seed: Number(values.seed),
  say: (line) => void process.stdout.write(`${line}\n`),
})
const { lost, unknown, echoesWrong, changed, ...figures } = result
const wrong = { lost, unknown, echoesWrong, changed }
const counts = Object.fromEntries(Object.entries(wrong).map(([name, ids]) => [name, ids.length]))
process.stdout.write(`${JSON.stringify({ ...figures, ...counts })}\n`)
const isRight = Object.values(wrong).every(({ length }) => length === 0)
if (!isRight) process.stdout.write(`${JSON.stringify(wrong, null, 2)}\n`)
process.exitCode = isRight ? 0 : 1
