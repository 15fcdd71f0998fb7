// How much a browser loads before the first screen, compressed as it is sent.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { ROOT } from './testing/root.ts'

const DIST = join(ROOT, 'packages', 'dashboard', 'dist')
const KB = 1_000

const sizeOf = (files: readonly string[]): number =>
  files.reduce((sum, file) => sum + gzipSync(readFileSync(join(DIST, file))).length, 0)

describe('the built dashboard', () => {
  const page = readFileSync(join(DIST, 'index.html'), 'utf8')
  const first = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(
    (match) => match[1] ?? '',
  )

  test('loads at most 280 kB of script and 15 kB of style first', () => {
    const scripts = first.filter((file) => file.endsWith('.js'))
    const styles = first.filter((file) => file.endsWith('.css'))
    expect(scripts.length).toBeGreaterThan(1)
    expect(styles).toHaveLength(1)
    expect(sizeOf(scripts)).toBeLessThanOrEqual(280 * KB)
    expect(sizeOf(styles)).toBeLessThanOrEqual(15 * KB)
  })

  const assets = readdirSync(join(DIST, 'assets')).map((file) => `assets/${file}`)
  const isOf =
    (name: string) =>
    (file: string): boolean =>
      file.startsWith(`assets/${name}-`) && file.endsWith('.js')

  test.each([
    ['editor-screen', 160],
    ['step-graph', 90],
    ['step-form', 60],
  ])('loads at most %s in %i kB, with its screen alone', (name, most) => {
    expect(first.filter(isOf(name))).toEqual([])
    expect(assets.filter(isOf(name))).toHaveLength(1)
    expect(sizeOf(assets.filter(isOf(name)))).toBeLessThanOrEqual(most * KB)
  })

  test('loads at most 60 kB for any other screen', () => {
    const heavy = ['editor-screen', 'step-graph']
    const later = assets
      .filter((file) => file.endsWith('.js') && !first.includes(file))
      .filter((file) => !heavy.some((name) => isOf(name)(file)))
    expect(sizeOf(later.toSorted((a, b) => sizeOf([b]) - sizeOf([a])).slice(0, 1))).toBeLessThan(
      60 * KB,
    )
  })

  test('has nothing inline that the security policy would refuse', () => {
    expect(page).not.toMatch(/<style|style="|<script(?![^>]*src=)|\son\w+=/)
  })
})
