// From drafts to steps that can run, in an order in which each comes after what it needs.
//
//   drafts ─▶ what each mentions ─▶ order ─▶ types, one after the other ─▶ closures
//
// G1. Mentions are found in syntax trees, never by searching text.
// G2. A circle is refused, with the way round.

import type { Condition } from '../expression/expression.ts'
import { suggestName } from '../expression/nearest.ts'
import type { Mention, Vocabulary } from '../expression/scope.ts'
import { ANY, joinTypes, mapOf, NULL, STRING, type ValueType } from '../expression/value-type.ts'
import { parseDuration } from '../kernel/duration.ts'
import type { Use } from './catalog.ts'
import { checkInput } from './check-input.ts'
import type { FileNode } from './file-node.ts'
import { type GraphStep, orderByNeed } from './graph.ts'
import { typeOfData, typeOfSchema } from './json-type.ts'
import { collectProblems, type Problems } from './problem.ts'
import type { StepDraft } from './step-draft.ts'
import { compileTest, compileValue, type Value } from './value.ts'

export interface CompiledStep extends StepDraft {
  readonly condition: Condition | null
  /** Which event it waits for. */
  readonly match: Condition | null
  /** What the action or the event gets, what is asked, or what the step is. */
  readonly value: Value
  /** What is told to whoever is asked; it may look at `handoff`. */
  readonly notice: Value | null
  /** Every step it waits for. */
  readonly waitsFor: readonly string[]
  /** Steps that may have been skipped or have failed: `if` looks at their status. */
  readonly tolerates: ReadonlySet<string>
  readonly type: ValueType
}

export interface CompiledSteps {
  readonly steps: readonly CompiledStep[]
  /** What may be mentioned once all steps are known. */
  readonly vocabulary: Vocabulary
}

type Types = Record<string, ValueType>

/** @param earlier The types of steps that are over when the first of these starts. */
export function compileSteps(
  drafts: readonly StepDraft[],
  base: Omit<Vocabulary, 'steps'>,
  problems: Problems,
  earlier: Types = {},
): CompiledSteps {
  const own = new Set(drafts.map(({ name }) => name))
  const types: Types = { ...earlier, ...Object.fromEntries([...own].map((name) => [name, ANY])) }
  const vocabulary: Vocabulary = { ...base, steps: types }
  const needs = new Map(drafts.map((draft) => [draft.name, needsOf(draft, vocabulary, problems)]))
  const order = orderByNeed(
    new Map([...needs].map(([name, all]) => [name, all.filter((need) => own.has(need))])),
  )
  if (order.kind === 'circle') {
    const first = drafts.find(({ name }) => name === order.names[0])
    const way = order.names.join(' → ')
    problems.add(first?.keyAt ?? 0, first?.path ?? '', `steps wait for each other: ${way}`)
    return { steps: [], vocabulary }
  }
  const byName = new Map(drafts.map((draft) => [draft.name, draft]))
  const steps = order.names.flatMap((name) => {
    const draft = byName.get(name)
    if (draft === undefined) return []
    const step = compileStep(draft, vocabulary, needs.get(name) ?? [], problems)
    types[name] = step.type
    return [step]
  })
  return { steps, vocabulary }
}

/** Found without types, which are not known before the order is; faults are told later. */
function needsOf(draft: StepDraft, vocabulary: Vocabulary, problems: Problems): readonly string[] {
  const silent = collectProblems(() => ({ line: 0, col: 0 }))
  const condition = compileTest(draft.fields.get('if'), vocabulary, silent)
  const match = compileMatch(draft, vocabulary, silent)
  const value = valueNode(draft)
  const mentions: readonly Mention[] = [
    ...(condition?.mentions ?? []),
    ...(match?.mentions ?? []),
    ...(value === undefined ? [] : compileValue(value, vocabulary, silent).mentions),
    ...(compileNotice(draft, vocabulary, silent)?.mentions ?? []),
  ]
  for (const name of draft.needs) {
    if (Object.hasOwn(vocabulary.steps, name)) continue
    const entry = draft.fields.get('needs')
    const hint = suggestName(name, Object.keys(vocabulary.steps))
    problems.add(
      entry?.value.at ?? draft.keyAt,
      `${draft.path}.needs`,
      `there is no step "${name}"`,
      hint,
    )
  }
  const known = draft.needs.filter((name) => Object.hasOwn(vocabulary.steps, name))
  return [...new Set([...mentions.map(({ step }) => step), ...known])]
}

function valueNode({ fields, kind, handoff }: StepDraft): FileNode | undefined {
  switch (kind) {
    case 'value':
      return fields.get('value')?.value
    case 'tag':
      return fields.get('tag')?.value
    case 'call_later':
      return fields.get('call_later')?.value
    case 'wait_for':
      return fields.get('where')?.value
    case 'human':
      return handoff?.title
    case 'use':
    case 'emit':
      return fields.get('with')?.value
    case 'sleep':
      return undefined
  }
}

/** Sees the payload of the event that came, by the name `event`. */
function compileMatch(
  { fields }: StepDraft,
  vocabulary: Vocabulary,
  problems: Problems,
): Condition | null {
  const variables = { ...vocabulary.variables, event: ANY }
  return compileTest(fields.get('match'), { ...vocabulary, variables }, problems)
}

function compileStep(
  draft: StepDraft,
  vocabulary: Vocabulary,
  waitsFor: readonly string[],
  problems: Problems,
): CompiledStep {
  const condition = compileTest(draft.fields.get('if'), vocabulary, problems)
  const match = compileMatch(draft, vocabulary, problems)
  const node = valueNode(draft)
  const value = node === undefined ? EMPTY : compileValue(node, vocabulary, problems)
  if (draft.use !== null) checkUse(draft, draft.use, vocabulary, problems)
  const notice = compileNotice(draft, vocabulary, problems)
  const tolerates = new Set(
    (condition?.mentions ?? []).filter(({ of }) => of === 'status').map(({ step }) => step),
  )
  return {
    ...draft,
    condition,
    match,
    value,
    notice,
    waitsFor,
    tolerates,
    type: typeOfStep(draft, value, problems),
  }
}

const EMPTY: Value = {
  type: ANY,
  mentions: [],
  isTimed: false,
  isLiteral: true,
  evaluate: () => ({}),
}

const HANDOFF = mapOf({
  id: STRING,
  link: STRING,
  title: STRING,
  assign: joinTypes(STRING, NULL) ?? ANY,
  due_at: STRING,
})

function compileNotice(
  { handoff, keyAt }: StepDraft,
  vocabulary: Vocabulary,
  problems: Problems,
): Value | null {
  const notify = handoff?.notify ?? null
  if (notify === null) return null
  const variables = { ...vocabulary.variables, handoff: HANDOFF }
  const seen = { ...vocabulary, variables }
  checkUse({ ...notify, keyAt }, notify.use, seen, problems)
  const node = notify.fields.get('with')?.value
  return node === undefined ? EMPTY : compileValue(node, seen, problems)
}

function checkUse(
  draft: Pick<StepDraft, 'fields' | 'keyAt' | 'path'>,
  use: Use,
  vocabulary: Vocabulary,
  problems: Problems,
): void {
  const { fields, keyAt, path } = draft
  const entry = fields.get('with')
  const given = entry?.value ?? { kind: 'map' as const, at: keyAt, path, entries: new Map() }
  if (given.kind !== 'map') {
    problems.add(given.at, given.path, 'this must be a map of names', 'write name: value')
    return
  }
  const compile = (node: FileNode): Value => compileValue(node, vocabulary, problems)
  checkInput(given, entry?.keyAt ?? keyAt, use.action.input, compile, problems)
}

function typeOfStep(draft: StepDraft, value: Value, problems: Problems): ValueType {
  const { kind, use, hasDefault, handoff } = draft
  if (kind === 'tag' && value.type.kind !== 'string' && value.type.kind !== 'any') {
    const at = draft.fields.get('tag')?.value.at ?? draft.keyAt
    problems.add(at, `${draft.path}.tag`, 'a tag is text')
  }
  if (kind === 'sleep' || kind === 'tag') return NULL
  if (kind === 'emit') return STRING
  if (kind === 'call_later') {
    return mapOf({ id: STRING, status: STRING, due_at: STRING, code: ANY })
  }
  if (kind === 'wait_for') return mapOf({ event: ANY })
  if (kind === 'human') {
    return mapOf({ answer: handoff?.answer ?? ANY, answered_by: STRING, answered_at: STRING })
  }
  const own = kind === 'value' ? value.type : use === null ? ANY : typeOfSchema(use.action.output)
  if (!hasDefault) return own
  const both = joinTypes(own, typeOfData(draft.default))
  if (both !== null) return both
  const at = draft.fields.get('default')?.value.at ?? draft.keyAt
  problems.add(
    at,
    `${draft.path}.default`,
    'the default is of another kind than what the step gives',
  )
  return ANY
}

export function toGraphStep(
  step: CompiledStep,
  kind: 'pre-call' | 'journey',
  line: number,
  isAfter = false,
): GraphStep {
  const { name, use, waitsFor, timeout } = step
  const condition = step.fields.get('if')?.value
  const ownMs = timeout === null ? (use?.action.timeoutMs ?? 0) : parseDuration(timeout)
  const limitMs =
    use === null ? 0 : kind === 'pre-call' ? Math.min(ownMs, use.action.timeoutMs) : ownMs
  return {
    name,
    kind: step.kind,
    use: use === null ? null : `${use.local}.${use.name}`,
    effect: use?.action.effect ?? null,
    needs: waitsFor,
    condition: condition?.kind === 'scalar' ? String(condition.value) : null,
    isAfter,
    limitMs: kind === 'journey' && use === null && step.kind !== 'value' ? null : limitMs,
    line,
  }
}
