/// <reference types="node" />

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { STATE_LOOKS, cssVariable, states } from './states.ts'

const [light, darkSystem, darkChosen] = readThemes(
  readFileSync(new URL('tokens.css', import.meta.url), 'utf8'),
)

describe.each([
  ['light', light],
  ['dark', darkSystem],
])('the %s theme', (_name, theme) => {
  const colour = (name: string): string => theme?.get(name) ?? `missing ${name}`

  test.each(states)('%s has a bar at 3:1 on page and surface and ink at 6.2:1 on tint', (state) => {
    for (const ground of ['--bk-page', '--bk-surface']) {
      expect(contrast(colour(cssVariable(state, 'bar')), colour(ground))).toBeGreaterThanOrEqual(3)
    }
    const ink = colour(cssVariable(state, 'ink'))
    expect(contrast(ink, colour(cssVariable(state, 'tint')))).toBeGreaterThanOrEqual(6.2)
  })

  test('text reaches 14:1 and muted text 5.5:1 on page and surface', () => {
    for (const ground of ['--bk-page', '--bk-surface']) {
      expect(contrast(colour('--bk-text'), colour(ground))).toBeGreaterThanOrEqual(14)
      expect(contrast(colour('--bk-muted'), colour(ground))).toBeGreaterThanOrEqual(5.5)
    }
  })

  test.each(['key', 'text', 'note', 'expression'])(
    'the %s of a text reaches 5.5:1 on its ground and 4.5:1 where it is selected',
    (part) => {
      const ink = colour(`--bk-code-${part}`)
      expect(contrast(ink, colour('--bk-surface'))).toBeGreaterThanOrEqual(5.5)
      expect(contrast(ink, colour('--bk-code-selection'))).toBeGreaterThanOrEqual(4.5)
    },
  )
})

test('the dark theme is the same whether the system or the switch chose it', () => {
  expect(darkChosen?.size).toBeGreaterThan(0)
  expect(darkChosen).toEqual(darkSystem)
})

test.each(states)('%s has a word and a glyph (S1)', (state) => {
  expect(STATE_LOOKS[state].word).not.toBe('')
  expect(STATE_LOOKS[state].glyph).not.toBe('')
})

function readThemes(source: string): Map<string, string>[] {
  const blocks = source.matchAll(/:root[^{]*\{([^}]*)\}/g)
  return [...blocks].map(([, body = '']) => {
    const entries = body.matchAll(/(--bk-[\w-]+):\s*([^;]+);/g)
    return new Map([...entries].map(([, name = '', value = '']) => [name, value]))
  })
}

function luminance(hex: string): number {
  expect(hex).toMatch(/^#[0-9a-f]{6}$/)
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(one: string, other: string): number {
  const [dim = 0, bright = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (bright + 0.05) / (dim + 0.05)
}
