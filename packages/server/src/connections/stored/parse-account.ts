// What was sent for a connection, as its connector says it must be.
//
// P1. Every fault is told at once, by field, never with the value that was sent.
// P2. A field that the connector does not know is refused: a typo is not silently lost.
// P3. Settings are not secret: a password in one of their URLs belongs to the credential.

import type { ProblemIssue } from '@bookend/contract'
import type { z } from 'zod'
import type { AnyConnector } from '../configured.ts'
import { isRecord } from './destination.ts'
import { holdsPassword } from './mask.ts'

export type ParsedPart = { readonly issues: readonly ProblemIssue[]; readonly value: unknown }

export function parseSettings(connector: AnyConnector, given: unknown): ParsedPart {
  const parsed = parse(connector.settings, given, 'settings')
  const passwords = Object.entries(isRecord(given) ? given : {})
    .filter(([, value]) => typeof value === 'string' && holdsPassword(value))
    .map(([name]) => ({ path: `settings.${name}`, message: 'has a password; send it as auth' }))
  return { ...parsed, issues: [...parsed.issues, ...passwords] }
}

export const parseAuth = (connector: AnyConnector, given: unknown): ParsedPart =>
  parse(connector.auth, given, 'auth')

function parse(schema: z.ZodType, given: unknown, within: string): ParsedPart {
  const { success, data, error } = schema.safeParse(given)
  if (!success) {
    return { issues: error.issues.map((issue) => renderIssue(within, issue)), value: undefined }
  }
  const unknown = isRecord(given)
    ? Object.keys(given).filter((name) => !isRecord(data) || !Object.hasOwn(data, name))
    : []
  const issues = unknown.map((name) => ({
    path: `${within}.${name.slice(0, 100)}`,
    message: 'is not a known field',
  }))
  return { issues, value: data }
}

function renderIssue(within: string, { path, message }: z.core.$ZodIssue): ProblemIssue {
  return { path: [within, ...path].map((part) => String(part).slice(0, 100)).join('.'), message }
}
