import { createColors } from 'picocolors'
import type { Io } from '../terminal/io.ts'

export interface CapturedIo extends Io {
  readonly printed: string[]
  readonly complained: string[]
}

export function capturedIo(given: Partial<Io> = {}): CapturedIo {
  const printed: string[] = []
  const complained: string[] = []
  return {
    env: {},
    cwd: '/nowhere',
    style: createColors(false),
    columns: 80,
    readInput: () => Promise.resolve(''),
    print: (line) => void printed.push(line),
    complain: (line) => void complained.push(line),
    ...given,
    printed,
    complained,
  }
}
