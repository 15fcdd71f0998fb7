import type { ProblemIssue } from '@bookend/contract'
import type { Problem } from '@bookend/core/yaml'
import { type DraftParts, readDraft, type ValidDraft } from '../workflows/draft.ts'
import { ProblemError } from './problem.ts'

/** @throws {ProblemError} 422 with every fault, its `path` being `line:column`. */
export function getDraft(parts: DraftParts, name: string, source: string, at: Date): ValidDraft {
  const draft = readDraft(parts, name, source, at)
  if (draft.kind === 'valid') return draft
  const issues = draft.problems.map(renderIssue)
  const count = `${issues.length} fault${issues.length === 1 ? '' : 's'}`
  throw new ProblemError('invalid', `The text is not a workflow: it has ${count}`, issues)
}

function renderIssue({ line, column, path, message, hint }: Problem): ProblemIssue {
  const subject = path === '' ? '' : `${path}: `
  return {
    path: `${line}:${column}`,
    message: `${subject}${message}${hint === null ? '' : ` (${hint})`}`,
  }
}
