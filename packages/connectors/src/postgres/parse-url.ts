import { isIP } from 'node:net'

/** Where a database is and who asks there; a `host` that starts with `/` is a socket's folder. */
interface Address {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
  readonly password: string | null
  /** With the certificate and its name checked; there is no TLS without that. */
  readonly tls: boolean
}

type ParsedUrl =
  | { readonly ok: true; readonly value: Address }
  | { readonly ok: false; readonly issue: string }

const VERIFIED = new Set(['require', 'verify-ca', 'verify-full'])
const FILES = ['sslcert', 'sslkey', 'sslrootcert']

/**
 * Everything is read here, because the driver completes what is missing from the environment, and
 * this server's own password is not for another's database.
 */
export function parseUrl(text: string): ParsedUrl {
  try {
    // A socket's URL may have no host, which URL parsers refuse.
    const url = new URL(text.replace(/^(postgres(?:ql)?:\/\/[^/@]*@)\//, '$1localhost/'))
    return readUrl(url)
  } catch {
    return refuse('Write it as postgres://user@host:5432/database')
  }
}

function readUrl(url: URL): ParsedUrl {
  const { searchParams } = url
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') {
    return refuse('It starts with postgres:// or postgresql://')
  }
  const user = decodeURIComponent(url.username)
  if (user === '') return refuse('It names a user: postgres://user@host/database')
  const host = searchParams.get('host') ?? decodeURIComponent(url.hostname).replace(/^\[|\]$/g, '')
  if (host === '') return refuse('It names a host, or a socket as ?host=/folder')
  const database = decodeURIComponent(url.pathname.slice(1)) || user
  const password = url.password === '' ? null : decodeURIComponent(url.password)
  // A control character would end its field in the protocol's first message and begin another.
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f]/.test(`${user}${host}${database}${password ?? ''}`)) {
    return refuse('It holds no control characters')
  }
  const file = FILES.find((name) => searchParams.has(name))
  if (file !== undefined) return refuse(`Leave out ${file}; a private CA goes into tls_ca`)
  const mode = searchParams.get('sslmode') ?? (isLocal(host) ? 'disable' : 'verify-full')
  if (mode !== 'disable' && !VERIFIED.has(mode)) {
    return refuse('sslmode is verify-full or disable')
  }
  const tls = mode !== 'disable' && !host.startsWith('/')
  const port = url.port === '' ? 5432 : Number(url.port)
  return { ok: true, value: { host, port, user, database, password, tls } }
}

const isLocal = (host: string): boolean =>
  host.startsWith('/') ||
  host === 'localhost' ||
  host === '::1' ||
  (isIP(host) === 4 && host.startsWith('127.'))

const refuse = (issue: string): ParsedUrl => ({ ok: false, issue })
