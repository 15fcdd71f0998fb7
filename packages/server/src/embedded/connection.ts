/** For node-postgres: the host is the folder of the server's socket. */
export interface Connection {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
  /** A unix socket has no TLS; said here so that PGSSLMODE in the environment cannot ask for it. */
  readonly ssl: false
}

/**
 * `postgres://user@localhost:port/database?host=<folder>`. URL parsers insist on a host name, and
 * PostgreSQL's clients prefer the parameter, so the name is never resolved.
 */
export function connectionUrl({ host, port, user, database }: Connection): string {
  const folder = encodeURIComponent(host)
  return `postgres://${user}@localhost:${port}/${database}?host=${folder}&sslmode=disable`
}
