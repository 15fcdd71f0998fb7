// A broker of librdkafka's, which speaks the real protocol and keeps records in memory. It lives as
// long as the kcat that asked for it.

import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { findProgram } from '../../testing/start-program.ts'

const run = promisify(execFile)

export const command = findProgram('kcat')

interface SeenRecord {
  readonly partition: number
  readonly offset: number
  readonly key: string
  readonly headers: readonly string[]
  readonly payload: string
}

export interface KafkaBroker extends AsyncDisposable {
  readonly port: number
  /** What kcat reads of a topic, by partition and offset. */
  consume(topic: string): Promise<SeenRecord[]>
  /** Requests of a kind that it has heard. */
  heard(request: string): number
}

export async function startBroker(path: string): Promise<KafkaBroker> {
  const own = ['-P', '-b', 'none', '-t', 'unused', '-X', 'test.mock.num.brokers=1', '-d', 'mock']
  const child = spawn(path, own, { stdio: ['pipe', 'ignore', 'pipe'] })
  const ended = once(child, 'close')
  let said = ''
  const port = await new Promise<number>((resolve, reject) => {
    child.stderr.on('data', (bytes: Buffer) => {
      said += bytes.toString()
      const [, found] = /bootstrap\.servers=127\.0\.0\.1:(\d+)/.exec(said) ?? []
      if (found !== undefined) resolve(Number(found))
    })
    child.once('close', () => reject(new Error(`kcat gives no broker:\n${said.slice(-2_000)}`)))
  })
  return {
    port,
    heard: (request) => said.split(`Received ${request}`).length - 1,
    async consume(topic) {
      const from = ['-C', '-b', `127.0.0.1:${port}`, '-t', topic, '-o', 'beginning', '-e', '-q']
      const { stdout } = await run(path, [...from, '-J', '-X', 'fetch.wait.max.ms=10'], {
        maxBuffer: 16_777_216,
      })
      const lines = stdout.split('\n').filter((line) => line !== '')
      const records = lines.map((line) => JSON.parse(line) as SeenRecord)
      return records.toSorted((a, b) => a.partition - b.partition || a.offset - b.offset)
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
