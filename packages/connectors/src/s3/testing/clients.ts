import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface S3Server {
  run(): Promise<{ readonly port: number }>
  close(): Promise<void>
}

interface S3ServerOptions {
  readonly port: number
  readonly address: string
  readonly silent: boolean
  readonly directory: string
  readonly configureBuckets: readonly { readonly name: string; readonly configs: readonly [] }[]
}

/** It has no types of its own. */
export const S3rver = createRequire(import.meta.url)('s3rver') as new (
  options: S3ServerOptions,
) => S3Server

const SCRIPT = `
  const { S3Client, GetObjectCommand, PutObjectCommand } = require('@aws-sdk/client-s3')
  const [endpoint, Key, Body] = process.argv.slice(1)
  const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }
  const s3 = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials })
  const main = async () => {
    if (Body !== undefined) return s3.send(new PutObjectCommand({ Bucket: 'calls', Key, Body }))
    const { Body: body, ContentType: type } = await s3.send(
      new GetObjectCommand({ Bucket: 'calls', Key }),
    )
    const bytes = await body.transformToString('base64')
    process.stdout.write(JSON.stringify({ bytes, type }))
  }
  void main()
`

/**
 * The vendor's own client, in a process of its own: the test runner resolves packages by conditions
 * of bundlers, with which it cannot be loaded.
 */
export const sdk = (port: number) => {
  const call = async (...more: readonly string[]): Promise<string> => {
    const args = ['-e', SCRIPT, `http://127.0.0.1:${port}`, ...more]
    const cwd = fileURLToPath(new URL('.', import.meta.url))
    const env = {
      ...process.env,
      NODE_OPTIONS: '',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    }
    const { stdout } = await run(process.execPath, args, { cwd, env, maxBuffer: 64 * 1_048_576 })
    return stdout
  }
  return {
    put: (key: string, body: string) => call(key, body),
    async get(key: string): Promise<{ readonly bytes: Buffer; readonly type: string }> {
      const { bytes, type } = JSON.parse(await call(key)) as { bytes: string; type: string }
      return { bytes: Buffer.from(bytes, 'base64'), type }
    },
  }
}
