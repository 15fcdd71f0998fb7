// What keeps the embedded database from running, in words an operator can act on.

export type EmbeddedPostgresErrorCode =
  | 'unsupported_platform'
  | 'setpriv_missing'
  | 'account_missing'
  | 'data_dir_locked'
  | 'permission_denied'
  | 'disk_full'
  | 'other_major_version'
  | 'foreign_data'
  | 'unsafe_socket_folder'
  | 'start_failed'

/** The way out that every message about the embedded database can offer. */
export const externalDatabase = 'set DATABASE_URL to a PostgreSQL 14 or later'

/** Said when a program is there and yet cannot be executed. */
export const glibcNeeded = `The programs need glibc, musl (Alpine) will not do; ${externalDatabase}`

/** The embedded database cannot run here; the message names the folder or part and the remedy. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError'
  readonly code: EmbeddedPostgresErrorCode
  readonly retryable = false

  constructor(code: EmbeddedPostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The `code` of a system or database error: `ENOSPC`, `57P03`. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

const READ_ONLY_CODES: ReadonlySet<string | undefined> = new Set(['EACCES', 'EPERM', 'EROFS'])

/** Whether a file could not be written because of its owner, its mode or a read-only disk. */
export function isReadOnly(error: unknown): boolean {
  return READ_ONLY_CODES.has(errorCode(error))
}

export function diskFull(dataDir: string, options?: ErrorOptions): EmbeddedPostgresError {
  const message = `The disk of the data folder ${dataDir} is full; make room and start again`
  return new EmbeddedPostgresError('disk_full', message, options)
}

export function permissionDenied(path: string, options?: ErrorOptions): EmbeddedPostgresError {
  const message =
    `No permission to use ${path}; let the account that runs Bookend own the data folder, ` +
    `choose another with BOOKEND_DATA_DIR, or ${externalDatabase}`
  return new EmbeddedPostgresError('permission_denied', message, options)
}

/** Runs file work inside the data folder; a full disk or a closed door becomes an error that says so. */
export async function explainingFileErrors<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOSPC' || code === 'EDQUOT') throw diskFull(dataDir, { cause: error })
    if (!isReadOnly(error)) throw error
    const path = error instanceof Error && 'path' in error ? String(error.path) : dataDir
    throw permissionDenied(path, { cause: error })
  }
}
