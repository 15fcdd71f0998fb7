// The tests of a folder of workflows, by the test runner that the folder has.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { CliError } from '../cli-error.ts'
import { command } from '../command.ts'

export const test = command({
  description: 'Run the tests of this folder: vitest, with what is typed behind it',
  args: {},
  passesWords: true,
  examples: [
    'bookend test                      all',
    'bookend test intake -t greeted    files and tests of that name',
    'bookend test --watch              again at each change',
    'bookend test -u                   takes what journeys write now as their snapshots',
  ],
  async run(_args, io, words) {
    const watches = words.includes('--watch') || words.includes('-w')
    const child = spawn(
      process.execPath,
      [findVitest(io.cwd), ...(watches ? [] : ['run']), ...words],
      { cwd: io.cwd, env: io.env, stdio: 'inherit' },
    )
    const [code] = (await once(child, 'exit')) as [number | null]
    return code ?? 1
  },
})

function findVitest(cwd: string): string {
  try {
    const manifest = createRequire(join(cwd, 'package.json')).resolve('vitest/package.json')
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: { vitest: string } }
    return join(dirname(manifest), bin.vitest)
  } catch {
    throw new CliError('There is no vitest in this folder', [
      'Install it with: npm install --save-dev vitest',
    ])
  }
}
