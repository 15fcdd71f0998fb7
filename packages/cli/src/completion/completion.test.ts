// The scripts as a shell reads them.

import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { main } from '../main.ts'
import { capturedIo } from '../testing/captured-io.ts'

const run = promisify(execFile)

async function print(shell: string) {
  const io = capturedIo()
  const code = await main(['completion', shell], io)
  return { code, out: io.printed.join('\n'), err: io.complained.join('\n') }
}

describe('completion for bash', () => {
  let folder = ''
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bookend-completion-'))
    writeFileSync(join(folder, 'bookend.bash'), (await print('bash')).out)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  /** What is offered for the last word of a line. */
  async function complete(line: string): Promise<string[]> {
    const words = line.split(' ')
    const script = [
      'source ./bookend.bash',
      `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})`,
      `COMP_CWORD=${words.length - 1}`,
      '_bookend',
      'printf "%s\\n" "${COMPREPLY[@]}"',
    ].join('\n')
    const { stdout } = await run('bash', ['--norc', '-c', script], { cwd: folder })
    return stdout.split('\n').filter((word) => word !== '')
  }

  test.each([
    ['bookend do', ['doctor']],
    ['bookend ru', ['runs']],
    ['bookend runs re', ['retry', 'replay', 'resolve', 'resume']],
    ['bookend runs retry --w', ['--workflow']],
    ['bookend runs --fa', ['--failed']],
    ['bookend call --no', ['--no-talk']],
    ['bookend call --fr', ['--from']],
    ['bookend runs --workflow ret', []],
    ['bookend nothing ret', []],
    ['bookend check --json --st', ['--stored']],
  ])('%s', async (line, offered) => {
    expect(await complete(line)).toEqual(offered)
  })
})

const hasZsh = existsSync('/usr/bin/zsh') || existsSync('/bin/zsh')
if (!hasZsh) console.log('zsh is not installed: its completion is not run')

describe.skipIf(!hasZsh)('completion for zsh', () => {
  let source = ''
  beforeAll(async () => {
    source = (await print('zsh')).out
  })

  /** What is offered for the last word of a line, to the shell's own functions in disguise. */
  async function complete(line: string): Promise<string[]> {
    const words = line.split(' ')
    const script = [
      'compdef() { : }',
      '_files() { print files }',
      '_describe() { print -l -- "${(@)choices}" }',
      source,
      `words=(${words.map((word) => `'${word}'`).join(' ')}); CURRENT=${words.length}`,
      '_bookend',
    ].join('\n')
    const { stdout } = await run('zsh', ['-f', '-c', script])
    return stdout.split('\n').filter((line) => line !== '')
  }

  test('offers what there is in a group, each with what it is for', async () => {
    const offered = await complete('bookend runs r')
    expect(offered).toContainEqual(expect.stringMatching(/^retry:Go on with a failed journey/))
    expect(offered).toContainEqual(expect.stringMatching(/^--workflow:/))
  })

  test('offers files for the value of an option', async () => {
    expect(await complete('bookend simulate intake --draft x')).toEqual(['files'])
    expect(await complete('bookend workflows publish --')).toContain(
      "--name:Of the workflow; the file's when left out",
    )
  })
})

test('of another shell there is none', async () => {
  expect(await print('fish')).toMatchObject({
    code: 1,
    err: expect.stringContaining('bash and zsh'),
  })
})
