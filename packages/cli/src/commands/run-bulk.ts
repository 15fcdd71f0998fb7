// `bookend runs retry|cancel` without an id: the same for all runs that a filter finds. What it would
// do is counted first, and done with --yes only.

import type { RouteInput, RunBulkResult } from '@bookend/contract'
import { CliError } from '../cli-error.ts'
import type { ConnectionChoice } from '../connection.ts'
import { connect } from '../connection.ts'
import type { Io } from '../terminal/io.ts'
import { parseMoment } from './parse-moment.ts'

export const bulkArgs = {
  workflow: { type: 'string', valueHint: 'name', description: 'All of this workflow' },
  status: { type: 'string', valueHint: 'status', description: 'All that are failed, waiting, …' },
  since: {
    type: 'string',
    valueHint: 'age',
    description: 'All that started since then: 90m, 2h, 3d or an instant',
  },
  until: { type: 'string', valueHint: 'age', description: 'All that started before then' },
  'failed-step': { type: 'string', valueHint: 'step', description: 'All that this step failed' },
  limit: { type: 'string', default: '1000', valueHint: 'count', description: 'At most 10000' },
  yes: { type: 'boolean', description: 'Do it; without, they are only counted' },
} as const

export interface BulkChoice extends ConnectionChoice {
  readonly workflow?: string | undefined
  readonly status?: string | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
  readonly 'failed-step'?: string | undefined
  readonly limit?: string | undefined
  readonly yes?: boolean | undefined
}

type BulkBody = RouteInput<'operateRuns'>['body']

export async function operateMany(
  action: BulkBody['action'],
  choice: BulkChoice,
  io: Io,
): Promise<void> {
  const filter = present({
    workflow: choice.workflow,
    status: choice.status,
    since: momentOf(choice.since, '--since'),
    until: momentOf(choice.until, '--until'),
    failed_step: choice['failed-step'],
  }) as BulkBody['filter']
  if (Object.keys(filter).length === 0) {
    throw new CliError(`Say which: the id of a run, or --workflow, --since and the like`)
  }
  const limit = Number(choice.limit)
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) {
    throw new CliError('--limit is a whole number from 1 to 10000')
  }
  const { client } = connect(choice, io)
  const body = { action, filter, limit, dry_run: choice.yes !== true }
  const result = await client.call('operateRuns', { body })
  for (const line of renderResult(action, result, choice.yes === true)) io.print(line)
}

const DONE = { retry: 'go on', cancel: 'are cancelled' } as const
const WOULD = { retry: 'would go on', cancel: 'would be cancelled' } as const
const SKIPPED = {
  not_failed: 'not failed (any more)',
  maybe_done: 'maybe done: say what is true with bookend runs resolve',
  over: 'over',
} as const

function renderResult(
  action: BulkBody['action'],
  { matched, done, skipped, has_more }: RunBulkResult,
  isDone: boolean,
): string[] {
  const runs = matched === 1 ? '1 run matches' : `${matched} runs match`
  return [
    `${runs}; ${done} ${(isDone ? DONE : WOULD)[action]}.`,
    ...skipped.map(({ reason, count }) => `  ${count} left alone: ${SKIPPED[reason]}`),
    ...(has_more ? ['There are more; raise --limit, or type it again.'] : []),
    ...(isDone || done === 0 ? [] : ['Nothing is done yet; type it again with --yes.']),
  ]
}

const momentOf = (text: string | undefined, option: string): string | undefined =>
  text === undefined ? undefined : parseMoment(text, option)

const present = (fields: Readonly<Record<string, string | undefined>>): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
