import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { main } from '../main.ts'
import { capturedIo } from '../testing/captured-io.ts'

let cwd = ''
beforeEach(() => (cwd = mkdtempSync(join(tmpdir(), 'bookend-init-'))))
afterEach(() => rmSync(cwd, { recursive: true }))

async function init(...words: string[]) {
  const io = capturedIo({ cwd })
  const code = await main(['init', ...words], io)
  return { code, out: io.printed.join('\n'), err: io.complained.join('\n') }
}

describe('bookend init', () => {
  test('makes a folder named after its package, and says what to type next', async () => {
    const { code, out } = await init('My Calls')
    expect(code).toBe(0)
    expect(out).toContain("cd 'My Calls'")
    expect(out).toContain('npx bookend dev')
    const manifest = JSON.parse(readFileSync(join(cwd, 'My Calls/package.json'), 'utf8'))
    expect(manifest).toMatchObject({ name: 'my-calls', type: 'module' })
    expect(readFileSync(join(cwd, 'My Calls/.gitignore'), 'utf8')).toContain('.bookend/')
    expect(existsSync(join(cwd, 'My Calls/workflows/intake.pre-call.ts'))).toBe(true)
  })

  test('asks for the version of the packages that it came with', () => {
    const read = (path: string): { version: string; dependencies: Record<string, string> } =>
      JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
    const own = read('../../package.json')
    const { dependencies } = read('../../templates/starter/package.json')
    expect(dependencies['@bookend/cli']).toBe(own.version)
    expect(dependencies['@bookend/sdk']).toBe(own.dependencies['@bookend/sdk'])
  })

  test('writes nothing where one of the files is there already (I1)', async () => {
    writeFileSync(join(cwd, 'README.md'), 'mine')
    const { code, err } = await init()
    expect(code).toBe(1)
    expect(err).toContain('README.md')
    expect(readFileSync(join(cwd, 'README.md'), 'utf8')).toBe('mine')
    expect(existsSync(join(cwd, 'package.json'))).toBe(false)
  })

  test('leaves what else is in the folder alone', async () => {
    writeFileSync(join(cwd, 'notes.txt'), 'mine')
    expect((await init()).code).toBe(0)
    expect(readFileSync(join(cwd, 'notes.txt'), 'utf8')).toBe('mine')
  })

  test('refuses a file in place of a folder', async () => {
    writeFileSync(join(cwd, 'taken'), '')
    const { code, err } = await init('taken')
    expect(code).toBe(1)
    expect(err).toContain('is a file')
  })
})
