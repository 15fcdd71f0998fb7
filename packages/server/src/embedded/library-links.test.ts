import { mkdir, readFile, readlink, realpath, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { parseLinks, prepareLibraries } from './library-links.ts'

/** A package with one library, `libx.so.1.2`, that is looked for as `libx.so.1`. */
async function packageIn(folder: string): Promise<string> {
  const lib = join(folder, 'native', 'lib')
  await mkdir(lib, { recursive: true })
  await writeFile(join(lib, 'libx.so.1.2'), 'x')
  const links = [{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }]
  await writeFile(join(folder, 'native', 'pg-symlinks.json'), JSON.stringify(links))
  return join(lib, 'libx.so.1')
}

describe('the links between libraries', () => {
  test('are made where they are missing, relative so that the package can move', async () => {
    await using folder = await temporaryFolder()
    const link = await packageIn(folder.path)
    expect(await prepareLibraries(folder.path, join(folder.path, 'fallback'))).toBeUndefined()
    expect(await readlink(link)).toBe('libx.so.1.2')
  })

  test('are made anew where they lead nowhere', async () => {
    await using folder = await temporaryFolder()
    const link = await packageIn(folder.path)
    await symlink('gone', link)
    await prepareLibraries(folder.path, join(folder.path, 'fallback'))
    expect(await readFile(link, 'utf8')).toBe('x')
  })

  test('are made by two processes at once without harm', async () => {
    await using folder = await temporaryFolder()
    const link = await packageIn(folder.path)
    const prepare = () => prepareLibraries(folder.path, join(folder.path, 'fallback'))
    await Promise.all(Array.from({ length: 10 }, prepare))
    expect(await realpath(link)).toBe(`${link}.2`)
  })

  test('leave alone what is there: a copy serves as well as a link', async () => {
    await using folder = await temporaryFolder()
    const link = await packageIn(folder.path)
    await writeFile(link, 'a copy')
    await prepareLibraries(folder.path, join(folder.path, 'fallback'))
    expect(await readFile(link, 'utf8')).toBe('a copy')
  })

  test('are read from a list of the expected form only', () => {
    expect(() => parseLinks({})).toThrow(TypeError)
    expect(() => parseLinks([{ source: 'a' }])).toThrow(TypeError)
    expect(parseLinks([{ source: 'a', target: 'b' }])).toEqual([{ source: 'a', target: 'b' }])
  })
})
