// A disk that fills up under the embedded database, and is made larger (F9). Its log of writes is on
// another disk: where that one is full, the database ends, which is another fault (F7). Needs root, to
// mount a disk; skipped otherwise.

import { createApiKey } from '@bookend/core'
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { serverChild, type ServerChild } from './testing/server-child.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const isLinuxRoot = process.platform === 'linux' && process.getuid?.() === 0
const { key } = createApiKey()
const authorization = `Bearer ${key}`

/** Does not compress. */
const filler = (n: number): string =>
  Array.from({ length: 1_000 }, (_, at) => ((n * 7_919 + at * 104_729) ** 2).toString(36)).join('')

const post = ({ url }: ServerChild, n: number): Promise<Response> =>
  fetch(`${url}/api/v1/events`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({
      event_type: 'disk.filled',
      event_id: `disk-${n}`,
      payload: { filler: filler(n) },
    }),
  })

describe.runIf(isLinuxRoot)('a disk that is full', () => {
  test('costs writes a 503, loses nothing, and is gone once there is room (F9)', async () => {
    await using folder = await temporaryFolder()
    const disk = join(folder.path, 'disk')
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=200m', 'tmpfs', disk])
    const dataDir = join(disk, 'data')
    const start = (): Promise<ServerChild> =>
      serverChild({
        PORT: '0',
        DATABASE_URL: '',
        BOOKEND_DATA_DIR: dataDir,
        BOOKEND_WORKFLOWS: folder.path,
        BOOKEND_LOG_LEVEL: 'silent',
        BOOKEND_API_KEY: key,
      })
    try {
      const first = await start()
      await first.end('SIGTERM')
      const wal = join(dataDir, 'postgres', 'pg_wal')
      execFileSync('mv', [wal, join(folder.path, 'pg_wal')])
      execFileSync('ln', ['-s', join(folder.path, 'pg_wal'), wal])
      await using server = await start()
      // Room for some hundred events.
      const roomKb = Number(
        execFileSync('df', ['--output=avail', disk]).toString().trim().split('\n').at(-1),
      )
      const ballast = join(disk, 'ballast')
      writeFileSync(ballast, Buffer.alloc(Math.max(0, roomKb - 4_096) * 1_024, 1))

      const taken: number[] = []
      let refused: Response | null = null
      for (let n = 0; refused === null && n < 5_000; n += 1) {
        const answer = await post(server, n)
        if (answer.status === 202) taken.push(n)
        else refused = answer
      }
      expect(taken.length).toBeGreaterThan(0)
      expect(refused?.status).toBe(503)
      expect(refused?.headers.get('retry-after')).toBe('1')
      expect(await refused?.json()).toMatchObject({ code: 'database_away' })
      const read = await fetch(`${server.url}/api/v1/webhooks`, { headers: { authorization } })
      expect(read.status).toBe(200)

      execFileSync('mount', ['-o', 'remount,size=400m', disk])
      const next = taken.length
      await vi.waitFor(async () => expect((await post(server, next)).status).toBe(202), {
        timeout: 30_000,
        interval: 100,
      })
      for (const n of [0, next - 1, next]) {
        expect(await (await post(server, n)).json()).toMatchObject({ duplicate: true })
      }
    } finally {
      execFileSync('umount', ['--lazy', disk])
    }
  }, 180_000)
})
