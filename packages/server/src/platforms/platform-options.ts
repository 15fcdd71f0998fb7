// The options of a connected platform on their way in and out.

import type { JsonObject, ProblemIssue, VoicePlatformId } from '@bookend/contract'
import { openConnection, platforms, secretPaths } from '@bookend/platforms'
import { z } from 'zod'

const DOTS = '••••'
const HINT_LENGTH = 4

/** What is wrong with them, each with its path below `options`; none: a connection opens with them. */
export function findOptionIssues(
  platform: VoicePlatformId,
  options: JsonObject,
): readonly ProblemIssue[] {
  const schema = platforms[platform].options
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape as object) : null
  const strange = Object.keys(options).filter((name) => known !== null && !known.includes(name))
  const opened = openConnection(platform, options)
  return [
    ...(opened.ok ? [] : opened.issues).map(({ path, message }) => ({
      path: ['options', ...path].map(String).join('.'),
      message,
    })),
    ...strange.map((name) => ({
      path: `options.${name}`,
      message: `is no option; there are ${(known ?? []).join(', ')}`,
    })),
  ]
}

/** Null takes an option away; of one that is a group, the whole group is given. */
export function mergeOptions(before: JsonObject, patch: JsonObject): JsonObject {
  const entries = Object.entries({ ...before, ...patch })
  return Object.fromEntries(entries.filter(([, value]) => value !== null))
}

/** With dots for every secret (threats E6). */
export function maskOptions(platform: VoicePlatformId, options: JsonObject): JsonObject {
  const shown = structuredClone(options)
  for (const path of secretPaths(platforms[platform].options)) maskAt(shown, path.split('.'))
  return shown
}

function maskAt(fields: JsonObject, [name = '', ...rest]: readonly string[]): void {
  const value = fields[name]
  if (value === undefined || value === null) return
  if (rest.length === 0) fields[name] = maskValue(value)
  else if (typeof value === 'object' && !Array.isArray(value)) maskAt(value, rest)
}

/** A short secret is not half shown. */
const maskValue = (value: unknown): string =>
  typeof value === 'string' && value.length >= 4 * HINT_LENGTH
    ? DOTS + value.slice(-HINT_LENGTH)
    : DOTS

/** JSON Schema 2020-12, enough to build a form from; a secret has `writeOnly`. */
export function describeOptions(platform: VoicePlatformId): Record<string, unknown> {
  const schema = z.toJSONSchema(platforms[platform].options, {
    io: 'input',
    unrepresentable: 'any',
  })
  const { $schema: _, ...rest } = schema
  const text = JSON.stringify(rest, (key, value: unknown) => {
    if (key === 'secret' && value === true) return undefined
    const isSecret = isRecord(value) && value['secret'] === true
    return isSecret ? { ...value, secret: undefined, writeOnly: true } : value
  })
  return JSON.parse(text) as Record<string, unknown>
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
