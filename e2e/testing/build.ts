// Builds what is started: the tests run what a user runs, never the sources.

import { spawnSync } from 'node:child_process'
import { ROOT } from './root.ts'

export function setup(): void {
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs'], {
    cwd: ROOT,
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error('The build failed, so there is nothing to test')
}
