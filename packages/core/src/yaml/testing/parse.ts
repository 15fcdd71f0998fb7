import type { JourneyWorkflow } from '../../journey/definition.ts'
import type { PreCallWorkflow } from '../../precall/definition.ts'
import { type ParsedWorkflow, parseYamlWorkflow, type ParseOptions } from '../parse-workflow.ts'
import { renderProblem } from '../problem.ts'
import { catalog, configured } from './catalog.ts'

const options: ParseOptions = {
  file: 'intake.pre-call.yaml',
  catalog,
  connections: configured,
  calendars: { names: ['support'], isOpen: (_, at) => at.getUTCHours() >= 9 },
  now: () => new Date('2026-11-26T12:00:00Z'),
}

export const parse = (text: string, over: Partial<ParseOptions> = {}): ParsedWorkflow =>
  parseYamlWorkflow(text, { ...options, ...over })

/** Every problem, as a terminal shows it. */
export function problemsOf(text: string, over: Partial<ParseOptions> = {}): readonly string[] {
  const parsed = parse(text, over)
  return parsed.ok ? [] : parsed.problems.map((problem) => renderProblem('f', problem))
}

function definitionOf(text: string, file: string): PreCallWorkflow | JourneyWorkflow {
  const parsed = parse(text, { file })
  if (parsed.ok) return parsed.definition
  throw new Error(parsed.problems.map((problem) => renderProblem(file, problem)).join('\n'))
}

export function preCallOf(text: string, file = 'intake.pre-call.yaml'): PreCallWorkflow {
  const definition = definitionOf(text, file)
  if (definition.kind === 'pre-call') return definition
  throw new Error(`${file} is a journey`)
}

export function journeyOf(text: string, file = 'after.journey.yaml'): JourneyWorkflow {
  const definition = definitionOf(text, file)
  if (definition.kind === 'journey') return definition
  throw new Error(`${file} is a pre-call workflow`)
}
