// What the agent was told: parameters with what is missing and why, outcome, greeting.

import type { AnsweringAgent, Json, JsonObject, Missing, Outcome } from '@bookend/contract'
import { columnsOf, fit, padEnd, printable, wrap } from '../terminal/text.ts'
import type { View } from './waterfall.ts'

const REASONS = {
  timed_out: 'timed out',
  failed: 'failed',
  skipped: 'skipped',
  invalid: 'not usable',
  circuit_open: 'not asked, it kept failing',
} as const satisfies Record<Missing['reason'], string>

const LABEL_COLUMNS = 10

export interface ToldAgent {
  readonly parameters: JsonObject
  readonly missing: readonly Missing[]
  readonly outcome: Outcome
  /** Null: the answer is for no agent in particular. */
  readonly agent: Pick<AnsweringAgent, 'name' | 'first_message'> | null
}

export function renderAnswer(answer: ToldAgent, view: View): string[] {
  const { style, columns } = view
  const section = (label: string, text: string): string[] =>
    wrap(text, Math.max(columns - LABEL_COLUMNS - 2, 20)).map(
      (line, index) => `${style.bold(padEnd(index === 0 ? label : '', LABEL_COLUMNS))}  ${line}`,
    )
  const { agent } = answer
  const greeting = agent?.first_message ?? null
  return [
    style.bold('Parameters'),
    ...renderParameters(answer, view),
    ...section('Outcome', renderOutcome(answer.outcome, agent?.name ?? 'the agent')),
    ...(agent === null
      ? []
      : section(
          'Greeting',
          greeting === null ? 'none: the caller speaks first' : `“${printable(greeting)}”`,
        )),
  ]
}

function renderParameters({ parameters, missing }: ToldAgent, view: View): string[] {
  const { style, columns } = view
  const named = new Map(missing.map((entry) => [entry.name, entry]))
  const names = [...new Set([...Object.keys(parameters), ...named.keys()])]
  if (names.length === 0) return [style.dim('  none')]
  const width = Math.min(Math.max(...names.map(columnsOf)), 32)
  return names.map((name) => {
    const gap = named.get(name)
    const reason = gap === undefined ? '' : `  ▲ ${renderMissing(gap)}`
    const room = Math.max(columns - width - 4 - columnsOf(reason), 12)
    const value = fit(renderValue(parameters[name]), room)
    const label = padEnd(fit(printable(name), width), width)
    return `  ${label}  ${value}${reason === '' ? '' : style.yellow(reason)}`
  })
}

function renderMissing({ reason, step, detail, name }: Missing): string {
  // A name that is the step's own is a step's; which parameters it fed, the workflow alone knows.
  const at = step === null ? '' : step === name ? ' (a step)' : ` at ${printable(step)}`
  return `${REASONS[reason]}${at}${detail === undefined ? '' : `: ${printable(detail)}`}`
}

function renderValue(value: Json | undefined): string {
  if (value === undefined) return '—'
  return printable(typeof value === 'string' && value !== '' ? value : JSON.stringify(value))
}

function renderOutcome(outcome: Outcome, agent: string): string {
  const name = printable(agent)
  switch (outcome.type) {
    case 'continue':
      return `continue: ${name} takes the call`
    case 'route':
      return `route: ${name} takes the call instead`
    case 'transfer':
      return `transfer to ${printable(outcome.to_number)}${renderWords(outcome.message)}`
    case 'reject':
      return `reject: the call is not answered${renderWords(outcome.reason)}`
    case 'say':
      return `say, then hang up${renderWords(outcome.text)}`
  }
}

const renderWords = (text: string | undefined): string =>
  text === undefined ? '' : `: “${printable(text)}”`
