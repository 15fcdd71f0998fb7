import { describe, expect, test } from 'vitest'
import { chooseAccount, commandFor, parseAccounts, type RunAs } from './run-as.ts'

const root = 'root:x:0:0:root:/root:/bin/bash'
const nobody = 'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin'
const postgres = 'postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash'

describe('the account for the database of a Bookend started as root (R1)', () => {
  test('is postgres where that exists', () => {
    const account = chooseAccount([root, nobody, postgres].join('\n'))
    expect(account).toEqual({ name: 'postgres', uid: 101, gid: 104 })
  })

  test('is nobody otherwise', () => {
    expect(chooseAccount([root, nobody, ''].join('\n'))).toMatchObject({ name: 'nobody' })
  })

  test('is never root under another name', () => {
    expect(() => chooseAccount('postgres:x:0:0::/:/bin/sh')).toThrow(/ordinary user.*DATABASE_URL/)
  })

  test('is read from well-formed lines only', () => {
    const lines = ['', '# comment', '+::::::', 'a:x:1', 'b:x:one:2', 'c:x:3:4:::']
    expect(parseAccounts(lines.join('\n'))).toEqual([{ name: 'c', uid: 3, gid: 4 }])
  })
})

describe('the command that runs a program', () => {
  const account = { name: 'nobody', uid: 7, gid: 8 }
  const asRoot: RunAs = { account, setpriv: { tiesToParent: true }, overridesAccess: false }
  const command = (runAs: RunAs): string => commandFor(runAs, 'INT', ['/bin/p', '-x']).join(' ')

  test('changes the account and keeps no capability (R1, R2)', () => {
    expect(command(asRoot)).toBe(
      'setpriv --reuid=7 --regid=8 --clear-groups --no-new-privs --pdeathsig INT -- /bin/p -x',
    )
  })

  test('keeps the one capability that passes closed folders when told to (R2)', () => {
    expect(command({ ...asRoot, overridesAccess: true })).toBe(
      'setpriv --reuid=7 --regid=8 --clear-groups --inh-caps=+dac_override ' +
        '--ambient-caps=+dac_override --securebits=+no_setuid_fixup --no-new-privs --pdeathsig INT -- /bin/p -x',
    )
  })

  test('is the program itself for an ordinary user without setpriv, or with an old one', () => {
    const plain = { account: undefined, overridesAccess: false }
    expect(command({ ...plain, setpriv: undefined })).toBe('/bin/p -x')
    expect(command({ ...plain, setpriv: { tiesToParent: false } })).toBe('/bin/p -x')
  })

  test('ties the program to its parent for an ordinary user', () => {
    const runAs = { account: undefined, setpriv: { tiesToParent: true }, overridesAccess: false }
    expect(command(runAs)).toBe('setpriv --pdeathsig INT -- /bin/p -x')
  })
})
