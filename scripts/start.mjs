// `npm start`: builds what changed, then runs the demo in this same process, so that a signal meets
// one process and its end is the command's end.
import { build } from './build.mjs'

try {
  build()
  const { main } = await import('../packages/cli/dist/main.js')
  process.exitCode = await main(['demo', ...process.argv.slice(2)])
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
