// A workflow to be tested: itself, or the YAML file it is written in.

import { connectors } from '@bookend/connectors'
import type { JourneyWorkflow, PreCallWorkflow } from '@bookend/core'
import type { Calendar } from '@bookend/core'
import { CalendarSchema, nameCalendars, WorkflowError } from '@bookend/core'
import type { Calendars } from '@bookend/core/yaml'
import { parseYamlWorkflow, renderProblem } from '@bookend/core/yaml'
import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A path is taken from the folder that the tests run in. */
export type WorkflowSource<W> = W | URL | string

type Workflow = PreCallWorkflow | JourneyWorkflow

/** As `bookend.config.ts` has them, by name. */
export type CalendarsUnderTest = Calendars | Readonly<Record<string, Calendar>>

export interface LoadOptions {
  /** What `now()` says in the file. */
  readonly now: () => Date
  /** The calendars that `business_hours` knows. */
  readonly calendars?: CalendarsUnderTest | undefined
}

/** @throws {WorkflowError} Everything that is wrong with the file, by line; or it is of the other kind. */
export async function loadWorkflow<K extends Workflow['kind']>(
  kind: K,
  source: WorkflowSource<Extract<Workflow, { kind: K }>>,
  { now, calendars }: LoadOptions,
): Promise<Extract<Workflow, { kind: K }>> {
  if (typeof source !== 'string' && !(source instanceof URL)) return source
  const path = source instanceof URL ? fileURLToPath(source) : resolve(source)
  const file = basename(path)
  if (!file.endsWith('.yaml')) {
    throw new WorkflowError(
      `${file} is no .yaml file; import a TypeScript workflow and give itself`,
    )
  }
  const parsed = parseYamlWorkflow(await readFile(path, 'utf8'), {
    file,
    catalog: connectors,
    connections: null,
    calendars: calendars === undefined ? null : readCalendars(calendars),
    now,
  })
  if (!parsed.ok) {
    throw new WorkflowError(parsed.problems.map((one) => renderProblem(file, one)).join('\n'))
  }
  const { definition } = parsed
  if (definition.kind !== kind) {
    throw new WorkflowError(
      `${file} is a ${definition.kind} workflow, and a ${kind} one was asked for`,
    )
  }
  return definition as Extract<Workflow, { kind: K }>
}

const isNamed = (calendars: CalendarsUnderTest): calendars is Calendars =>
  typeof calendars['isOpen'] === 'function'

/** @throws {WorkflowError} One of them is not a calendar. */
function readCalendars(calendars: CalendarsUnderTest): Calendars {
  if (isNamed(calendars)) return calendars
  const read = Object.entries(calendars).map(([name, calendar]) => {
    const { success, data, error } = CalendarSchema.safeParse(calendar)
    if (success) return [name, data] as const
    const [issue] = error.issues
    const field = issue?.path.map(String).join('.')
    throw new WorkflowError(`The calendar "${name}" is not one; ${field}: ${issue?.message}`)
  })
  return nameCalendars(Object.fromEntries(read))
}
