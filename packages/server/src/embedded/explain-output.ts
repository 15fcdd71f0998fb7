import { diskFull, EmbeddedPostgresError, glibcNeeded, permissionDenied } from './error.ts'

/** Turns what a failed PostgreSQL program said into an error that names the folder and the remedy. */
export function explainOutput(
  dataDir: string,
  what: string,
  output: string,
): EmbeddedPostgresError {
  const cause = new Error(output === '' ? 'It said nothing.' : output)
  if (/No space left on device|Disk quota exceeded/i.test(output)) {
    return diskFull(dataDir, { cause })
  }
  if (/Permission denied|Operation not permitted/i.test(output)) {
    return permissionDenied(dataDir, { cause })
  }
  const message = `${what}:\n${cause.message}`
  // How setpriv puts a missing program loader.
  if (/failed to execute .*: No such file or directory/.test(output)) {
    return new EmbeddedPostgresError('start_failed', `${message}\n${glibcNeeded}`)
  }
  return new EmbeddedPostgresError('start_failed', message)
}
