import { printable } from '../terminal/text.ts'
import type { Io } from '../terminal/io.ts'

export interface Finding {
  readonly name: string
  /** `note`: worth knowing, and nothing is broken by it. */
  readonly state: 'ok' | 'note' | 'bad'
  readonly said: string
}

export const judge = (name: string, isOk: boolean, said: string): Finding => ({
  name,
  state: isOk ? 'ok' : 'bad',
  said,
})

export function renderFindings(findings: readonly Finding[], { style }: Io): string[] {
  const glyphs = { ok: style.green('✓'), note: style.yellow('!'), bad: style.red('✗') }
  const width = Math.max(10, ...findings.map(({ name }) => name.length))
  return findings.map(
    ({ name, state, said }) => `${glyphs[state]} ${name.padEnd(width)} ${printable(said)}`,
  )
}
