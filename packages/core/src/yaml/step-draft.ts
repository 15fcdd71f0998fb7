// A step as the file has it, before its expressions are read.

import { EVENT_TYPE, ownEventTypes } from '@bookend/contract'
import { type CacheOption, parseCache } from '../cache/policy.ts'
import { handlePath } from '../connection/handles.ts'
import { suggestName } from '../expression/nearest.ts'
import { planStep } from '../journey/attempt.ts'
import type { JourneyStepOptions } from '../journey/definition.ts'
import { WorkflowError } from '../kernel/error.ts'
import { type Catalog, type LocalConnections, readUse, type Use } from './catalog.ts'
import { dataOf, type FileEntry, type FileMap } from './file-node.ts'
import { checkCallLater } from './call-later.ts'
import { type HandoffDraft, readHandoff, requireField } from './handoff.ts'
import type { Problems } from './problem.ts'
import {
  type Fields,
  readChoice,
  readDuration,
  readFields,
  readMap,
  readNumber,
  readScalar,
} from './read.ts'
import { holdsTemplate } from './value.ts'

type FileKind = 'pre-call' | 'journey'
type StepKind = 'use' | 'value' | 'sleep' | 'wait_for' | 'human' | 'emit' | 'tag' | 'call_later'

export interface StepDraft {
  readonly name: string
  readonly keyAt: number
  readonly path: string
  readonly kind: StepKind
  readonly fields: Fields
  readonly use: Use | null
  /** Where the handle's function is: `[noun, verb]` in camel case. */
  readonly handle: readonly [string, string]
  readonly needs: readonly string[]
  readonly timeout: string | null
  readonly sleep: string | null
  /** The type of event that it waits for, or that it stores. */
  readonly eventType: string | null
  readonly within: string | null
  readonly handoff: HandoffDraft | null
  readonly hasDefault: boolean
  readonly default: unknown
  readonly cache: CacheOption | undefined
  readonly journeyOptions: JourneyStepOptions
}

export interface StepContext {
  readonly kind: FileKind
  /** Before the call: these steps come after the answer, and may write. */
  readonly isAfter?: boolean
  readonly catalog: Catalog
  readonly locals: LocalConnections
  readonly problems: Problems
}

const STEPS_MAX = 100
const STEP_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/

/** Which fields go with what a step does; the first one says what that is. */
const SHAPES = {
  'pre-call': {
    use: ['use', 'with', 'timeout', 'cache', 'default'],
    value: ['value', 'default'],
  },
  journey: {
    use: ['use', 'with', 'timeout', 'retry', 'unknown'],
    value: ['value'],
    sleep: ['sleep'],
    wait_for: ['wait_for', 'where', 'match', 'within'],
    human: ['human'],
    emit: ['emit', 'with'],
    tag: ['tag'],
    call_later: ['call_later'],
  },
} as const

const COMMON = ['if', 'needs']

export function readSteps(
  entry: FileEntry | undefined,
  context: StepContext,
): readonly StepDraft[] {
  const { problems } = context
  const map = readMap(entry?.value, problems)
  if (map === null) return []
  if (map.entries.size > STEPS_MAX) {
    problems.add(map.at, map.path, `a workflow has at most ${STEPS_MAX} steps`)
    return []
  }
  return [...map.entries.values()].flatMap((step) => readStep(step, context) ?? [])
}

function readStep(entry: FileEntry, context: StepContext): StepDraft | null {
  const { name, keyAt, value } = entry
  const { problems } = context
  if (!STEP_NAME.test(name)) {
    const hint = 'begin with a letter; use letters, digits, - and _'
    problems.add(keyAt, value.path, `"${name}" is not a step name`, hint)
    return null
  }
  const map = readMap(value, problems)
  if (map === null) {
    if (value.kind === 'scalar')
      problems.add(keyAt, value.path, 'the step does nothing', 'give it "use"')
    return null
  }
  const kind = readKind(map, keyAt, context)
  const { entries: fields } = map
  const use = kind === 'use' ? readUse(fields, context.locals, context.catalog, problems) : null
  if (
    use !== null &&
    context.kind === 'pre-call' &&
    context.isAfter !== true &&
    use.action.effect === 'write'
  ) {
    const at = fields.get('use')?.value.at ?? keyAt
    const message = `"${use.name}" writes, and before the call only reading is allowed`
    problems.add(at, `${map.path}.use`, message, 'write under "after", or in a journey')
  }
  if (kind === null) return null
  if (kind === 'wait_for') requireField('within', map, keyAt, problems)
  if (kind === 'call_later') checkCallLater(fields.get('call_later'), problems)
  return {
    name,
    keyAt,
    path: map.path,
    kind,
    fields,
    use,
    handle: handlePath(use?.name ?? ''),
    needs: readNeeds(fields.get('needs'), problems),
    timeout: readDuration(fields.get('timeout'), problems),
    sleep: readDuration(fields.get('sleep'), problems),
    within: readDuration(fields.get('within'), problems),
    eventType: readEventType(kind, fields, problems),
    handoff: kind === 'human' ? readHandoff(fields.get('human'), context) : null,
    cache: readCache(fields.get('cache'), problems),
    journeyOptions: context.kind === 'journey' ? readJourneyOptions(name, fields, problems) : {},
    ...readDefault(fields.get('default'), problems),
  }
}

function readKind(map: FileMap, keyAt: number, { kind, problems }: StepContext): StepKind | null {
  const shapes: Readonly<Record<string, readonly string[]>> = SHAPES[kind]
  const kinds = Object.keys(shapes)
  const named = kinds.filter((name) => map.entries.has(name))
  const [does, other] = named
  const all = [...new Set([...Object.values(shapes).flat(), ...COMMON])]
  if (does !== undefined && other !== undefined) {
    const at = map.entries.get(other)?.keyAt ?? keyAt
    problems.add(
      at,
      map.path,
      `a step has "${does}" or "${other}", not both`,
      'make two steps of it',
    )
  }
  const fitting = does === undefined ? all : [...(shapes[does] ?? []), ...COMMON]
  for (const { name, keyAt: at, value } of map.entries.values()) {
    if (fitting.includes(name) || named.includes(name)) continue
    if (all.includes(name) && does !== undefined) {
      problems.add(at, value.path, `"${name}" does not go with "${does}"`)
    } else {
      const fields = `there is no field "${name}" in a step`
      problems.add(at, value.path, fields, suggestName(name, fitting))
    }
  }
  if (does === undefined) {
    const words = kinds.slice(0, 3).map((name) => `"${name}"`)
    problems.add(keyAt, map.path, 'the step does nothing', `give it ${words.join(' or ')}`)
    return null
  }
  return does as StepKind
}

function readEventType(kind: StepKind, fields: Fields, problems: Problems): string | null {
  if (kind !== 'wait_for' && kind !== 'emit') return null
  const asked = readScalar(fields.get(kind), problems)
  if (asked === null) return null
  const { at, path } = asked.node
  if (!EVENT_TYPE.test(asked.text)) {
    const hint = 'write words joined by dots, such as sms.received'
    problems.add(at, path, `"${asked.text}" is not an event type`, hint)
  } else if (kind === 'emit' && (ownEventTypes as readonly string[]).includes(asked.text)) {
    problems.add(
      at,
      path,
      `"${asked.text}" is one of Bookend's own event types`,
      'emit another one',
    )
  }
  return asked.text
}

function readNeeds(entry: FileEntry | undefined, problems: Problems): readonly string[] {
  if (entry === undefined) return []
  const { value } = entry
  const items = value.kind === 'list' ? value.items : [value]
  return items.flatMap((item) => {
    if (item.kind === 'scalar' && typeof item.value === 'string') return [item.value]
    problems.add(item.at, item.path, 'this must be the name of a step, or a list of names')
    return []
  })
}

function readDefault(entry: FileEntry | undefined, problems: Problems) {
  if (entry === undefined) return { hasDefault: false, default: undefined }
  const { value } = entry
  if (holdsTemplate(value)) {
    problems.add(
      value.at,
      value.path,
      'a default holds no expression: it is what is left when nothing else is',
    )
  }
  return { hasDefault: true, default: dataOf(value) }
}

function readCache(entry: FileEntry | undefined, problems: Problems): CacheOption | undefined {
  if (entry === undefined) return undefined
  const { keyAt, value } = entry
  const option = value.kind === 'map' ? readAges(entry, problems) : readDuration(entry, problems)
  if (option === null) return undefined
  try {
    parseCache('', option as CacheOption)
    return option as CacheOption
  } catch (error) {
    if (!(error instanceof WorkflowError)) throw error
    problems.add(keyAt, value.path, error.message.replace(/^Step "[^"]*": /, ''))
    return undefined
  }
}

function readAges({ keyAt, value }: FileEntry, problems: Problems) {
  const fields = readFields(value, ['fresh', 'stale'], problems)
  const fresh = readDuration(fields.get('fresh'), problems)
  const stale = readDuration(fields.get('stale'), problems)
  if (!fields.has('fresh') || !fields.has('stale')) {
    problems.add(keyAt, value.path, 'the cache needs both "fresh" and "stale"')
  }
  return fresh === null || stale === null ? null : { fresh, stale }
}

function readJourneyOptions(name: string, fields: Fields, problems: Problems): JourneyStepOptions {
  const entry = fields.get('retry')
  const retry = readFields(entry?.value, ['attempts', 'backoff', 'first', 'max'], problems)
  const attempts = readNumber(retry.get('attempts'), problems)
  const backoff = readChoice(retry.get('backoff'), ['exponential', 'fixed'], problems)
  const first = readDuration(retry.get('first'), problems)
  const max = readDuration(retry.get('max'), problems)
  const timeout = readDuration(fields.get('timeout'), problems)
  const unknown = readChoice(fields.get('unknown'), ['park', 'retry', 'assume_done'], problems)
  const options = {
    ...(entry === undefined
      ? {}
      : {
          retry: present({ attempts, backoff, first, max }) as NonNullable<
            JourneyStepOptions['retry']
          >,
        }),
    ...present({ timeout, unknown }),
  } as JourneyStepOptions
  try {
    planStep(name, options)
  } catch (error) {
    if (!(error instanceof WorkflowError)) throw error
    const { at, path } = entry?.value ?? { at: 0, path: name }
    problems.add(at, path, error.message.replace(/^Step "[^"]*": /, ''))
  }
  return options
}

const present = (fields: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
