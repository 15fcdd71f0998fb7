// `npm run -w e2e herd -- --runs 20000 --calls 50`, on the built server: figures, and what was wrong.

import { parseArgs } from 'node:util'
import { runHerd } from './herd.ts'

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '20000' }, calls: { type: 'string', default: '50' } },
})
const result = await runHerd({
  runs: Number(values.runs),
  callsPerSecond: Number(values.calls),
  say: (line) => void process.stdout.write(`${line}\n`),
})
process.stdout.write(`${JSON.stringify(result)}\n`)
