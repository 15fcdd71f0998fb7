// One statement, and the rows of its answer.
//
//   query ─▶ done within the wait: rows · else ask for its results until the step's end
//
// Q1. Values travel beside the SQL, each as a text that the SQL casts, and never become part of it (D5).
// Q2. A write's request has an id of its key and its words: BigQuery keeps to one job for it, for
//     15 minutes.
// Q3. No query reads more than the connection may be billed for.

import type { Json } from '@bookend/contract'
import { ConnectorFault, derivedId, maybeDone, type Effect } from '@bookend/core'
import { z } from 'zod'
import type { Params, Row } from '../warehouse/input.ts'
import { type Context, exchange, inProject } from './rest.ts'
import { Field, rowOf } from './read-rows.ts'

/** Of no meaning but to be ours. */
const NAMESPACE = '5d0f1c3e-6f0a-4c35-9f0e-2a8c1d7b9e40'
const WAIT_MAX_MS = 10_000
/** What is left for the answer's way back. */
const MARGIN_MS = 500

export interface Statement {
  readonly effect: Effect
  readonly sql: string
  readonly params: Params
  readonly limit: number
}

const Answer = z.object({
  jobComplete: z.boolean(),
  jobReference: z.object({ jobId: z.string(), location: z.string().optional() }).optional(),
  schema: z.object({ fields: z.array(Field).default([]) }).optional(),
  rows: z.array(z.object({ f: z.array(z.object({ v: z.json() })) })).default([]),
})

/** @throws {ConnectorFault} */
export async function run(ctx: Context, statement: Statement): Promise<readonly Row[]> {
  const { effect, sql, params, limit } = statement
  const { project, dataset, location, bytes_billed_max: bytesMax } = ctx.settings
  const json = {
    query: sql,
    useLegacySql: false,
    parameterMode: 'NAMED',
    queryParameters: Object.entries(params).map(renderParam),
    defaultDataset: { projectId: project, datasetId: dataset },
    maximumBytesBilled: String(bytesMax),
    maxResults: limit,
    timeoutMs: waitMs(ctx),
    formatOptions: { useInt64Timestamp: true },
    ...(location === null ? {} : { location }),
    ...(effect === 'read'
      ? {}
      : { requestId: derivedId(NAMESPACE, JSON.stringify([ctx.key, sql, params])) }),
  }
  let answer = parse(
    await exchange(ctx, {
      effect,
      method: 'POST',
      path: inProject(ctx, 'queries'),
      body: { json },
      timeoutMs: WAIT_MAX_MS + MARGIN_MS,
      maxBodyBytes: 1_048_576,
    }),
    effect,
  )
  const job = answer.jobReference
  while (!answer.jobComplete) {
    if (job === undefined || ctx.remainingMs() <= MARGIN_MS) {
      throw new ConnectorFault(maybeDone(effect, 'query_still_running'))
    }
    // Each waits at BigQuery's for as long as there is.
    // oxlint-disable-next-line no-await-in-loop
    answer = parse(await askForResults(ctx, job, limit), effect)
  }
  const fields = answer.schema?.fields ?? []
  return answer.rows.slice(0, limit).map(({ f }) =>
    rowOf(
      fields,
      f.map(({ v }) => v),
    ),
  )
}

const askForResults = (
  ctx: Context,
  { jobId, location }: { readonly jobId: string; readonly location?: string | undefined },
  limit: number,
) =>
  exchange(ctx, {
    effect: 'read',
    method: 'GET',
    path: inProject(ctx, 'queries', jobId),
    query: {
      location,
      maxResults: limit,
      timeoutMs: waitMs(ctx),
      'formatOptions.useInt64Timestamp': true,
    },
    timeoutMs: WAIT_MAX_MS + MARGIN_MS,
    maxBodyBytes: 1_048_576,
  })

const waitMs = (ctx: Context): number =>
  Math.round(Math.max(1, Math.min(WAIT_MAX_MS, ctx.remainingMs() - MARGIN_MS)))

function parse({ body }: { readonly body: unknown }, effect: Effect): z.output<typeof Answer> {
  const { success, data } = Answer.safeParse(body)
  if (!success) throw new ConnectorFault(maybeDone(effect, 'not_a_query_answer'))
  return data
}

/** By its own type where an author's SQL names it. */
function renderParam([name, value]: readonly [string, Params[string]]) {
  return {
    name,
    parameterType: { type: typeOf(value) },
    parameterValue: { value: value === null ? null : String(value) },
  }
}

function typeOf(value: Json): string {
  if (typeof value === 'boolean') return 'BOOL'
  if (typeof value !== 'number') return 'STRING'
  return Number.isSafeInteger(value) ? 'INT64' : 'FLOAT64'
}
