import type { ProblemIssue, Route } from '@bookend/contract'
import type { z } from 'zod'
import { ProblemError } from './problem.ts'

const ISSUES_MAX = 20

/**
 * Path, query and body as the route's schemas say.
 *
 * @throws {ProblemError} 404 for a malformed id in the path, 422 for the rest, naming each field.
 */
export function parseRequest(
  route: Pick<Route, 'params' | 'query' | 'body'>,
  raw: { readonly params: unknown; readonly query: unknown; readonly body: unknown },
): { params: unknown; query: unknown; body: unknown } {
  const params = route.params?.safeParse(raw.params)
  if (params?.success === false) throw new ProblemError('not_found', 'There is no such thing')
  const issues: ProblemIssue[] = []
  const query = read(route.query, raw.query ?? {}, 'query', issues)
  const body = read(route.body, raw.body ?? {}, '', issues)
  if (issues.length > 0) throw new ProblemError('invalid', describe(issues), issues)
  return { params: params?.data, query, body }
}

function read(
  schema: z.ZodType | undefined,
  value: unknown,
  prefix: string,
  issues: ProblemIssue[],
): unknown {
  if (schema === undefined) return undefined
  const { success, data, error } = schema.safeParse(value)
  if (success) return data
  for (const issue of error.issues.slice(0, ISSUES_MAX)) issues.push(...renderIssue(issue, prefix))
  return undefined
}

function renderIssue(issue: z.core.$ZodIssue, prefix: string): ProblemIssue[] {
  const at = (path: readonly PropertyKey[]): string =>
    [prefix, ...path]
      .filter((part) => part !== '')
      .map(cap)
      .join('.')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .slice(0, ISSUES_MAX)
      .map((key) => ({ path: at([...issue.path, key]), message: 'is not a known field' }))
  }
  return [{ path: at(issue.path), message: issue.message }]
}

const cap = (part: PropertyKey): string => String(part).slice(0, 100)

const describe = ([first]: readonly ProblemIssue[]): string =>
  first === undefined || first.path === ''
    ? (first?.message ?? 'A value is not as it must be')
    : `${first.path}: ${first.message}`
