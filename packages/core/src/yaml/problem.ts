// What is wrong with a file, collected: an author sees all of it at once.

/** Where something is; `line` and `column` count from 1. */
export interface Problem {
  readonly line: number
  readonly column: number
  /** Such as `steps.contact.timeout`; empty for the file as a whole. */
  readonly path: string
  readonly message: string
  /** What would be right; null when the message says it. */
  readonly hint: string | null
}

export interface Problems {
  /** `at` is an offset in the file. */
  add(at: number, path: string, message: string, hint?: string | null): void
  readonly list: readonly Problem[]
}

const PROBLEMS_MAX = 100
const TEXT_MAX = 400

/** A file may name things at any length. */
const shorten = (text: string): string =>
  text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text

export function collectProblems(
  place: (offset: number) => { line: number; col: number },
): Problems {
  const list: Problem[] = []
  const known = new Set<string>()
  return {
    list,
    add(at, path, message, hint = null) {
      const { line, col } = place(at)
      const id = `${line}:${col} ${message}`
      if (known.has(id) || list.length >= PROBLEMS_MAX) return
      known.add(id)
      list.push({
        line,
        column: col,
        path: shorten(path),
        message: shorten(message),
        hint: hint === null ? null : shorten(hint),
      })
    },
  }
}

/** In the order of the file. */
export const sortProblems = (problems: readonly Problem[]): readonly Problem[] =>
  problems.toSorted((a, b) => a.line - b.line || a.column - b.column)

/** `file:line:column message (hint)` */
export function renderProblem(
  file: string,
  { line, column, path, message, hint }: Problem,
): string {
  const subject = path === '' ? '' : `${path}: `
  return `${file}:${line}:${column} ${subject}${message}${hint === null ? '' : ` (${hint})`}`
}
