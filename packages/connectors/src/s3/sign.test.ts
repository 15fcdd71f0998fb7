import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { signRequest } from './sign.ts'

test('signs as the example of the documentation of S3', () => {
  const { authorization } = signRequest(
    {
      method: 'GET',
      url: 'https://examplebucket.s3.amazonaws.com/test.txt',
      headers: { range: 'bytes=0-9' },
      body: new Uint8Array(),
    },
    {
      auth: {
        access_key_id: 'AKIAIOSFODNN7EXAMPLE',
        secret_access_key: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      },
      region: 'us-east-1',
      now: new Date('2013-05-24T00:00:00Z'),
    },
  )
  expect(authorization).toContain(
    'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  )
})

const SCRIPT = `
  const { SignatureV4 } = require('@smithy/signature-v4')
  const { createHash, createHmac } = require('node:crypto')
  const [url, headers, body, at] = JSON.parse(process.argv[1])
  class Sha256 {
    constructor(secret) { this.hash = secret ? createHmac('sha256', secret) : createHash('sha256') }
    update(bytes) { this.hash.update(bytes) }
    async digest() { return new Uint8Array(this.hash.digest()) }
  }
  const { protocol, hostname, host, pathname, searchParams } = new URL(url)
  const signer = new SignatureV4({
    service: 's3', region: 'eu-central-1', sha256: Sha256, uriEscapePath: false,
    credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'token' },
  })
  const request = {
    method: 'PUT', protocol, hostname, path: pathname, query: Object.fromEntries(searchParams),
    headers: { ...headers, host }, body,
  }
  signer.sign(request, { signingDate: new Date(at) })
    .then((signed) => process.stdout.write(signed.headers.authorization))
`

test('signs as the vendor’s own signer, with a query, a token and a body', async () => {
  const url =
    'https://calls.s3.example.com/calls/dt%3D2026-02-28/a-b_c.ndjson?partNumber=2&uploadId=a~b%2Fc%2B%3D'
  const [body, at] = ['{"a":"ü"}', '2026-02-28T10:00:00.123Z']
  const headers = { 'content-type': 'application/json', 'x-amz-checksum-sha256': 'c3Vt' }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['-e', SCRIPT, JSON.stringify([url, headers, body, at])],
    {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      env: { ...process.env, NODE_OPTIONS: '' },
    },
  )
  const auth = { access_key_id: 'AKID', secret_access_key: 'secret', session_token: 'token' }
  const { authorization } = signRequest(
    { method: 'PUT', url, headers, body: Buffer.from(body) },
    { auth, region: 'eu-central-1', now: new Date(at) },
  )
  expect(authorization).toBe(stdout)
})
