// Under which account, and through which command, the programs of PostgreSQL run.
//
//   ordinary user ─▶ as that user, through setpriv where it can tie a child to its parent's life
//   root ─▶ through setpriv as the data's owner, else `postgres`, else `nobody`
//
// R1. PostgreSQL never runs as root, and no account is added for it.
// R2. CAP_DAC_OVERRIDE, which passes closed folders, is kept only when the account is known to be
//     shut out of its own files; nothing else of root's power is ever kept.

import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { promisify } from 'node:util'
import { EmbeddedPostgresError, errorCode, externalDatabase } from './error.ts'
import type { Account } from './reach.ts'

export interface RunAs {
  /** Undefined: the account that runs Bookend. */
  readonly account: Account | undefined
  readonly setpriv: Setpriv | undefined
  readonly overridesAccess: boolean
}

export interface Setpriv {
  /** Can send a child a signal when its parent dies. */
  readonly tiesToParent: boolean
}

/**
 * Without these flags the change of account drops every capability by itself. The secure bit is for
 * access(2), by which PostgreSQL looks for its programs: for an account other than root that call
 * leaves capabilities out of account unless the bit is set.
 */
const KEEP_DAC_OVERRIDE = [
  '--inh-caps=+dac_override',
  '--ambient-caps=+dac_override',
  '--securebits=+no_setuid_fixup',
]

/** Decides the account for the database in `postgresFolder`, which need not exist yet. */
export async function chooseRunAs(postgresFolder: string): Promise<RunAs> {
  const setpriv = await findSetpriv()
  if (userInfo().uid !== 0) return { account: undefined, setpriv, overridesAccess: false }
  if (setpriv === undefined) throw setprivMissing()
  const passwd = await readAccounts()
  const account = (await ownerOf(postgresFolder, passwd)) ?? chooseAccount(passwd)
  return { account, setpriv, overridesAccess: false }
}

/** `postgres` when there is one, else `nobody`. */
export function chooseAccount(passwd: string): Account {
  const accounts = parseAccounts(passwd).filter((account) => account.uid > 0)
  for (const name of ['postgres', 'nobody']) {
    const account = accounts.find((candidate) => candidate.name === name)
    if (account !== undefined) return account
  }
  throw new EmbeddedPostgresError(
    'account_missing',
    'PostgreSQL does not run as root, and /etc/passwd has neither "postgres" nor "nobody" to run ' +
      `it as; start Bookend as an ordinary user, or ${externalDatabase}`,
  )
}

export function parseAccounts(passwd: string): Account[] {
  return passwd.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':')
    if (name === undefined || !/^\d+$/.test(uid ?? '') || !/^\d+$/.test(gid ?? '')) return []
    return [{ name, uid: Number(uid), gid: Number(gid) }]
  })
}

/** The command that runs `program`; it gets `deathSignal` when Bookend dies, where that works. */
export function commandFor(
  runAs: RunAs,
  deathSignal: 'INT' | 'KILL',
  program: readonly [string, ...string[]],
): readonly [string, ...string[]] {
  const { account, setpriv, overridesAccess } = runAs
  const tie = setpriv?.tiesToParent === true ? ['--pdeathsig', deathSignal] : []
  if (account === undefined) {
    return tie.length === 0 ? program : ['setpriv', ...tie, '--', ...program]
  }
  const identity = [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups']
  const kept = overridesAccess ? KEEP_DAC_OVERRIDE : []
  return ['setpriv', ...identity, ...kept, '--no-new-privs', ...tie, '--', ...program]
}

async function findSetpriv(): Promise<Setpriv | undefined> {
  try {
    const { stdout } = await promisify(execFile)('setpriv', ['--help'])
    return stdout.includes('--reuid') ? { tiesToParent: stdout.includes('--pdeathsig') } : undefined
  } catch {
    // Not there, or one without --help (busybox), which cannot change accounts either.
    return undefined
  }
}

/** Data keeps the owner it has, so that a root start does not lock out the next ordinary one. */
async function ownerOf(folder: string, passwd: string): Promise<Account | undefined> {
  try {
    const { uid, gid } = await stat(folder)
    if (uid === 0) return undefined
    const known = parseAccounts(passwd).find((account) => account.uid === uid)
    return { name: known?.name ?? String(uid), uid, gid }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

async function readAccounts(): Promise<string> {
  try {
    return await readFile('/etc/passwd', 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return ''
    throw error
  }
}

function setprivMissing(): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'setpriv_missing',
    'PostgreSQL does not run as root, and the command "setpriv" to run it as another account is ' +
      'missing; install the package util-linux, start Bookend as an ordinary user, or ' +
      externalDatabase,
  )
}
