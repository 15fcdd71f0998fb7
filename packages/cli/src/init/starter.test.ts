import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { beforeAll, describe, expect, test } from 'vitest'
import { main } from '../main.ts'
import { capturedIo } from '../testing/captured-io.ts'
import { starterDir } from './starter-files.ts'

// It is large, and read here from its source.
beforeAll(() => import('@bookend/server/offline'), 60_000)

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')

describe('the folder to start from', () => {
  test('has the types of the SDK it is for', { timeout: 120_000 }, () => {
    // Against the built packages, as in a folder of one's own.
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', starterDir], { encoding: 'utf8' })
    expect(stdout).toBe('')
  })

  test('holds workflows that a start takes without a word', { timeout: 60_000 }, async () => {
    const io = capturedIo({ cwd: starterDir })
    expect(await main(['check', 'workflows', '--json'], io)).toBe(0)
    expect(JSON.parse(io.printed.join(''))).toMatchObject({ problems: [], warnings: [] })
  })
})
