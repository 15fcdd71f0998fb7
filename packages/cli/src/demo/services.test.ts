import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { startServices } from './services.ts'

function scriptOf(source: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'bookend-services-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const script = join(folder, 'main.mjs')
  writeFileSync(script, source)
  return script
}

function watch(script: string) {
  const lines: string[] = []
  const ready: boolean[] = []
  const ends: { reason: string; againInMs: number }[] = []
  const services = startServices({
    script,
    env: process.env,
    readyLine: 'clinic ready',
    firstWaitMs: 5,
    onLine: (line) => lines.push(line),
    onReady: (isFirst) => ready.push(isFirst),
    onEnd: (reason, againInMs) => ends.push({ reason, againInMs }),
  })
  onTestFinished(() => services.close())
  return { services, lines, ready, ends }
}

const UNTIL_CLOSED = `process.stdin.resume().on('end', () => process.exit(0))`

describe('the services of the demo', () => {
  test('pass their lines on, and say once that they are ready', async () => {
    const { lines, ready } = watch(
      scriptOf(`console.log('pms at 1\\nclinic ready'); ${UNTIL_CLOSED}`),
    )
    await vi.waitFor(() => expect(ready).toEqual([true]), { timeout: 5_000 })
    expect(lines).toEqual(['pms at 1', 'clinic ready'])
  })

  test('are started again when they end, after waits that double (D3)', async () => {
    const { ready, ends } = watch(scriptOf(`console.log('clinic ready'); process.exitCode = 3`))
    await vi.waitFor(() => expect(ends.length).toBeGreaterThanOrEqual(3), { timeout: 5_000 })
    expect(ends.slice(0, 3)).toEqual([
      { reason: 'exit code 3', againInMs: 5 },
      { reason: 'exit code 3', againInMs: 10 },
      { reason: 'exit code 3', againInMs: 20 },
    ])
    expect(ready.slice(0, 2)).toEqual([true, false])
  })

  test('end when their pipe is closed, and are not started again (D1)', async () => {
    const { services, lines, ready, ends } = watch(
      scriptOf(`
        console.log('clinic ready')
        process.stdin.resume().on('end', () => console.log('bye'))
      `),
    )
    await vi.waitFor(() => expect(ready).toHaveLength(1), { timeout: 5_000 })
    await services.close()
    expect(lines).toContain('bye')
    expect(ends).toEqual([])
  })
})
