import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const packages = fileURLToPath(new URL('../../../', import.meta.url))
const HTTP_CLIENT =
  /^import (?!type\b).*from '(?:undici|axios|got|ky|node-fetch|superagent|(?:node:)?(?:http|https|http2))'/m
const MAY_SPEAK_HTTP = /^server\/src\/outgoing\/|^sdk\/|\/testing\/|\.test\.tsx?$/

function sources(): string[] {
  const ours = ['contract', 'core', 'connectors', 'platforms', 'server']
  return readdirSync(packages)
    .filter((name) => ours.includes(name))
    .flatMap((name) =>
      readdirSync(join(packages, name, 'src'), { recursive: true, encoding: 'utf8' }).map((file) =>
        [name, 'src', ...file.split(/[\\/]/)].join('/'),
      ),
    )
    .filter((file) => /\.tsx?$/.test(file))
}

test('no other module of the product has an HTTP client', () => {
  const files = sources()
  expect(files).toContain('server/src/outgoing/lane.ts')
  const speaking = files
    .filter((file) => !MAY_SPEAK_HTTP.test(file))
    .filter((file) => HTTP_CLIENT.test(readFileSync(join(packages, file), 'utf8')))
  expect(speaking).toEqual([])
})

test('certificates are verified everywhere (A14)', () => {
  const lax = sources()
    .filter((file) => !file.endsWith('only-client.test.ts'))
    .filter((file) =>
      readFileSync(join(packages, file), 'utf8').includes('rejectUnauthorized: false'),
    )
  expect(lax).toEqual([])
})
