import { connectors } from '@bookend/connectors'
import { describe, expect, test } from 'vitest'
import { findConnector } from '../catalog.ts'
import type { AnyConnector } from '../configured.ts'
import { destinationOf } from './destination.ts'

const at = (id: string, settings: object): string => {
  const connector = findConnector(id)
  if (connector === undefined) throw new Error(id)
  return destinationOf(connector, connector.settings.parse(settings))
}

describe('where a credential goes (A17)', () => {
  test.each<[string, string, object, object, boolean]>([
    [
      'another path',
      'http',
      { base_url: 'https://a.example' },
      { base_url: 'https://a.example/v2' },
      true,
    ],
    [
      'another header',
      'http',
      { base_url: 'https://a.example' },
      { base_url: 'https://a.example', key_header: 'X-Key' },
      true,
    ],
    [
      'another host',
      'http',
      { base_url: 'https://a.example' },
      { base_url: 'https://b.example' },
      false,
    ],
    [
      'another port',
      'http',
      { base_url: 'https://a.example' },
      { base_url: 'https://a.example:444' },
      false,
    ],
    ['no TLS', 'http', { base_url: 'https://a.example' }, { base_url: 'http://a.example' }, false],
    [
      'another host',
      'smtp',
      { host: 'a', from: 'a@a.example' },
      { host: 'b', from: 'a@a.example' },
      false,
    ],
    [
      'another sender',
      'smtp',
      { host: 'a', from: 'a@a.example' },
      { host: 'a', from: 'b@a.example' },
      true,
    ],
    [
      'no TLS',
      'smtp',
      { host: 'a', from: 'a@a.example' },
      { host: 'a', from: 'a@a.example', security: 'none' },
      false,
    ],
    [
      'another size',
      'postgres',
      { url: 'postgres://u@h/d' },
      { url: 'postgres://u@h/d', pool_max: 9 },
      true,
    ],
    ['another host', 'postgres', { url: 'postgres://u@h/d' }, { url: 'postgres://u@i/d' }, false],
    [
      'another host by query',
      'postgres',
      { url: 'postgres://u@h/d' },
      { url: 'postgres://u@h/d?host=i' },
      false,
    ],
    [
      'no TLS',
      'postgres',
      { url: 'postgres://u@h/d' },
      { url: 'postgres://u@h/d?sslmode=disable' },
      false,
    ],
  ])('%s of %s', (_, id, before, after, isSame) => {
    expect(at(id, before) === at(id, after)).toBe(isSame)
  })

  test('is every text of the settings where the connector does not say', () => {
    const silent = { ...connectors.http, origin: undefined } as unknown as AnyConnector
    const of = (settings: object) => destinationOf(silent, settings)
    expect(of({ region: 'eu', size: 1 })).toBe(of({ size: 2, region: 'eu' }))
    expect(of({ region: 'eu' })).not.toBe(of({ region: 'us' }))
    expect(of({ port: 1 })).not.toBe(of({ port: 2 }))
    expect(of({ proxy: { host: 'a' } })).not.toBe(of({ proxy: { host: 'b' } }))
  })
})
