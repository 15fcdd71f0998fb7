// What a past run had, each value with the expression that reads it.

import type { Call, Run } from '@bookend/contract'

export interface KnownValue {
  readonly expression: string
  /** As text on one line. */
  readonly shown: string
}

const DEPTH_MAX = 4
const VALUES_MAX = 300
const SHOWN_MAX = 80
const BEFORE_A_CALL = ['from_number', 'to_number', 'direction', 'timestamp', 'context']

/** @param step The step that is written: it cannot read itself. */
export function valuesOfRun(run: Run, call: Call | null, step: string): readonly KnownValue[] {
  const isPreCall = run.kind === 'pre-call'
  const entries = Object.entries(call ?? {}).filter(
    ([name]) => !isPreCall || BEFORE_A_CALL.includes(name),
  )
  const outputs = run.steps
    .filter(({ name, output }) => name !== step && output !== null && output !== undefined)
    .flatMap(({ name, output }) => flatten(`steps${member(name)}`, output, 0))
  return [...flatten('call', Object.fromEntries(entries), 0), ...outputs].slice(0, VALUES_MAX)
}

function flatten(expression: string, value: unknown, depth: number): readonly KnownValue[] {
  if (typeof value !== 'object' || value === null || depth >= DEPTH_MAX) {
    return [{ expression, shown: show(value) }]
  }
  if (Array.isArray(value)) {
    const [first] = value
    const size = { expression: `size(${expression})`, shown: String(value.length) }
    return first === undefined ? [size] : [size, ...flatten(`${expression}[0]`, first, depth + 1)]
  }
  const whole = depth === 0 ? [] : [{ expression, shown: show(value) }]
  const members = Object.entries(value).flatMap(([name, each]) =>
    flatten(`${expression}${member(name)}`, each, depth + 1),
  )
  return [...whole, ...members]
}

const member = (name: string): string =>
  /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`

function show(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text
}
