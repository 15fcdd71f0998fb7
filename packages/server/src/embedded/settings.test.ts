import { describe, expect, test } from 'vitest'
import { serverArguments } from './settings.ts'

const settingsOf = (args: readonly string[]): Map<string, string> =>
  new Map(
    args
      .filter((arg) => arg.includes('='))
      .map((arg) => [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)]),
  )

describe('the settings of the embedded server', () => {
  test('make what is acknowledged durable (D2)', () => {
    const settings = settingsOf(serverArguments('/d', '/s', {}))
    expect(settings.get('fsync')).toBe('on')
    expect(settings.get('synchronous_commit')).toBe('on')
  })

  test('can be overridden', () => {
    const settings = settingsOf(serverArguments('/d', '/s', { shared_buffers: '1GB' }))
    expect(settings.get('shared_buffers')).toBe('1GB')
    expect(settings.get('max_connections')).toBe('100')
  })

  test('never open a port or move the socket, whatever is overridden (D1)', () => {
    const args = serverArguments('/d', '/s', {
      listen_addresses: '*',
      port: '80',
      unix_socket_directories: '/tmp',
      unix_socket_permissions: '0777',
    })
    const settings = settingsOf(args)
    expect(settings.get('listen_addresses')).toBe('')
    expect(settings.get('port')).toBe('5432')
    expect(settings.get('unix_socket_directories')).toBe('"/s"')
    expect(settings.get('unix_socket_permissions')).toBe('0700')
    expect(args.filter((arg) => arg.startsWith('listen_addresses='))).toHaveLength(1)
  })

  test('quote a socket folder, because the setting is a list', () => {
    const settings = settingsOf(serverArguments('/d', '/a, "b" c', {}))
    expect(settings.get('unix_socket_directories')).toBe('"/a, ""b"" c"')
  })
})
