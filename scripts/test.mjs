// The whole check, in the order in which a fault is cheapest to see; stops at the first that fails.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

const checks = [
  { name: 'format', command: ['oxfmt', '--check'] },
  { name: 'lint', command: ['oxlint', '--type-aware'] },
  { name: 'types', command: ['tsc', '-b'] },
  { name: 'types of the dashboard', command: ['tsc', '-p', 'packages/dashboard', '--noEmit'] },
  { name: 'types of the end-to-end test', command: ['tsc', '-p', 'e2e'] },
  { name: 'tests', command: ['vitest', 'run'] },
]

for (const { name, command } of checks) {
  const startedAt = performance.now()
  process.stdout.write(`\n=== ${name}: ${command.join(' ')}\n`)
  const { status } = spawnSync('npx', ['--no-install', ...command], { cwd: root, stdio: 'inherit' })
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  if (status !== 0) {
    process.stdout.write(`\n${name} failed after ${seconds} s\n`)
    process.exit(status ?? 1)
  }
  process.stdout.write(`${name} passed in ${seconds} s\n`)
}
