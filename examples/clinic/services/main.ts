// The clinic's process: ends with its parent, whose pipe is its standard input, or on a signal.

import { parseServicesConfig } from './env.ts'
import { explain } from './explain.ts'
import { runServices } from './run.ts'

const end = new AbortController()
const stop = (): void => end.abort()

process.once('SIGTERM', stop)
process.once('SIGINT', stop)
process.stdin.once('end', stop).once('close', stop).once('error', stop).resume()
// Nobody reads any more: the parent is gone.
process.stdout.once('error', stop)

try {
  const config = parseServicesConfig(process.env)
  await runServices(config, (line) => process.stdout.write(`${line}\n`), end.signal)
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 1
}
// An open standard input would keep a finished process.
process.stdin.destroy()
