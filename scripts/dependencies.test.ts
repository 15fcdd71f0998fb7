// What is installed is what was looked at (threat E14).

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const read = (path: string) =>
  JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')) as Record<string, never>

interface Locked {
  readonly version?: string
  readonly integrity?: string
  readonly resolved?: string
  readonly link?: boolean
  readonly inBundle?: boolean
}

const lock = read('package-lock.json') as { readonly packages: Readonly<Record<string, Locked>> }
const isInstalled = (path: string): boolean => path.includes('node_modules/')
const workspaces = Object.keys(lock.packages).filter((path) => !isInstalled(path))

describe('dependencies', () => {
  test.each(workspaces.map((path) => [path === '' ? '(the root)' : path, path] as const))(
    'of %s are exact versions (E14)',
    (_, path) => {
      const own = read(path === '' ? 'package.json' : `${path}/package.json`)
      const fields = ['dependencies', 'devDependencies', 'optionalDependencies'] as const
      const loose = fields
        .flatMap((field) => Object.entries((own[field] ?? {}) as Record<string, string>))
        .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
      expect(loose).toEqual([])
    },
  )

  test('are locked by their content (E14)', () => {
    const unlocked = Object.entries(lock.packages).filter(
      ([path, { integrity, link, inBundle }]) =>
        isInstalled(path) &&
        link !== true &&
        inBundle !== true &&
        integrity?.startsWith('sha512-') !== true,
    )
    expect(unlocked.map(([path]) => path)).toEqual([])
  })

  test('come from a registry, by no other way (E14)', () => {
    const elsewhere = Object.values(lock.packages).filter(
      ({ resolved = 'https:', link }) => link !== true && !resolved.startsWith('https:'),
    )
    expect(elsewhere).toEqual([])
  })
})
