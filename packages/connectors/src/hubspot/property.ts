// The properties that carry our keys, of the names in the settings.
//
// P1. A property that is there and not unique is left as it is: whoever made it has a use for it.
// P2. Two that install at once make one: a conflict is what was wanted.

import { type CheckResult, ConnectorFault, type InstallResult, maybeDone } from '@bookend/core'
import { z } from 'zod'
import { nullIfMissing } from '../finding.ts'
import { type Context, type ObjectType, exchange, properties } from './rest.ts'

interface Wanted {
  readonly type: ObjectType
  readonly name: string
  readonly label: string
}

const GROUP = 'bookend'

function wantedBy({ settings }: Context): readonly Wanted[] {
  const { key_property: key, phone_property: phone } = settings
  const keyed = ['calls', 'notes', 'tasks', 'tickets'] as const
  return [
    ...(key === null ? [] : keyed.map((type) => ({ type, name: key, label: 'Bookend key' }))),
    ...(phone === null ? [] : [{ type: 'contacts' as const, name: phone, label: 'Bookend phone' }]),
  ]
}

const nameOf = ({ type, name }: Wanted): string => `${type}.${name}`

const Property = z.object({ type: z.string(), hasUniqueValue: z.boolean().default(false) })

type State = 'ready' | 'not_unique' | 'missing'

async function stateOf(ctx: Context, { type, name }: Wanted): Promise<State> {
  const body = await nullIfMissing(async () => {
    const path = properties(type, name)
    return (await exchange(ctx, { effect: 'read', method: 'GET', path })).body
  })
  if (body === null) return 'missing'
  const { success, data } = Property.safeParse(body)
  if (!success) throw new ConnectorFault(maybeDone('read', 'invalid_body'))
  return data.hasUniqueValue && data.type === 'string' ? 'ready' : 'not_unique'
}

const WORDS: Readonly<Record<Exclude<State, 'ready'>, string>> = {
  missing: 'is not there; install makes it',
  not_unique: 'is no text with unique values; name another one, and install makes it',
}

/** What writes would stumble on. */
export async function warnOfProperties(ctx: Context): Promise<CheckResult['warnings']> {
  const warnings: string[] = []
  for (const wanted of wantedBy(ctx)) {
    try {
      const state = await stateOf(ctx, wanted)
      if (state !== 'ready') warnings.push(`${nameOf(wanted)} ${WORDS[state]}`)
    } catch (error) {
      const isRefused = error instanceof ConnectorFault && error.verdict.kind === 'refused'
      if (!isRefused) throw error
      warnings.push(`Whether ${nameOf(wanted)} is there cannot be seen with this token`)
    }
  }
  return warnings
}

export async function install(ctx: Context): Promise<InstallResult> {
  const made: string[] = []
  const found: string[] = []
  for (const wanted of wantedBy(ctx)) {
    const state = await stateOf(ctx, wanted)
    if (state === 'not_unique') {
      throw new ConnectorFault({ kind: 'refused', detail: `${wanted.type}_property_not_unique` })
    }
    const isMade = state === 'missing' && (await make(ctx, wanted))
    ;(isMade ? made : found).push(nameOf(wanted))
  }
  return { made, found }
}

/** Whether it was this one who made it (P2). */
async function make(ctx: Context, { type, name, label }: Wanted): Promise<boolean> {
  await unlessThere(ctx, properties(type, 'groups'), { name: GROUP, label: 'Bookend' })
  return await unlessThere(ctx, properties(type), {
    name,
    label,
    groupName: GROUP,
    type: 'string',
    fieldType: 'text',
    hasUniqueValue: true,
    description: 'By it Bookend finds what it has made before. Not to be edited.',
  })
}

async function unlessThere(
  ctx: Context,
  path: readonly string[],
  json: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  try {
    await exchange(ctx, { effect: 'write', method: 'POST', path, body: { json } })
    return true
  } catch (error) {
    if (error instanceof ConnectorFault && error.verdict.kind === 'conflict') return false
    throw error
  }
}
