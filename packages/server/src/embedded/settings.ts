// What the embedded server is told at its command line, which wins over every file in its data.

import { socketPort } from './folders.ts'

/** Settings that `startEmbeddedPostgres` lets its caller change. */
const DEFAULTS: Readonly<Record<string, string>> = {
  fsync: 'on',
  synchronous_commit: 'on',
  wal_level: 'replica',
  shared_buffers: '64MB',
  max_connections: '100',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  logging_collector: 'off',
  log_destination: 'stderr',
  // Errors go to the client, who knows what to hide; their text may quote a caller's data, so the
  // log gets the server's own messages only.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
}

/** Arguments after the program's name. Nothing in `settings` can open a port or move the socket. */
export function serverArguments(
  folder: string,
  socketFolder: string,
  settings: Readonly<Record<string, string>>,
): string[] {
  const all = {
    ...DEFAULTS,
    ...settings,
    listen_addresses: '',
    port: String(socketPort),
    unix_socket_directories: quoted(socketFolder),
    unix_socket_permissions: '0700',
  }
  const pairs = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return ['-D', folder, ...pairs]
}

/** The setting is a list: a folder with a comma, a space or a quote in its name has to be quoted. */
const quoted = (folder: string): string => `"${folder.replaceAll('"', '""')}"`
