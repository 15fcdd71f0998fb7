import type {
  Call,
  CallListItem,
  CallListQuery,
  Json,
  Tag,
  TranscriptEntry,
} from '@bookend/contract'
import { createId } from '@bookend/core'
import { invalid } from '../../http/problem.ts'
import type { Queryable } from '../database.ts'
import { first } from './agents.ts'
import type { CallHead } from './call-life.ts'
import type { CallRow } from './call-row.ts'
import { renderCall } from './call-row.ts'
import { cutPage, parseCursor } from './page.ts'

/** The contract's record, with transcript and tags. */
export async function findCall(
  client: Queryable,
  workspaceId: string,
  id: string,
): Promise<Call | null> {
  const row = await findCallRow(client, workspaceId, id)
  return row === null ? null : await withParts(client, row)
}

async function findCallRow(
  client: Queryable,
  workspaceId: string,
  id: string,
): Promise<CallRow | null> {
  const { rows } = await client.query<CallRow>(
    'select * from calls where workspace_id = $1 and id = $2',
    [workspaceId, id],
  )
  return rows[0] ?? null
}

/** The call, locked against other writers until the transaction ends. */
export async function lockCall(
  client: Queryable,
  workspaceId: string,
  id: string,
): Promise<CallRow | null> {
  const { rows } = await client.query<CallRow>(
    'select * from calls where workspace_id = $1 and id = $2 for update',
    [workspaceId, id],
  )
  return rows[0] ?? null
}

/** Those of these calls that there are, all locked, in one order for everybody. */
export async function lockCalls(
  client: Queryable,
  keys: readonly CallKey[],
): Promise<readonly CallRow[]> {
  const { rows } = await client.query<CallRow>(lockOf('c.*'), [
    keys.map((key) => key.workspaceId),
    keys.map((key) => key.id),
  ])
  return rows
}

interface CallKey {
  readonly workspaceId: string
  readonly id: string
}

const lockOf = (columns: string): string => `
select ${columns} from calls c
join (select distinct * from unnest($1::uuid[], $2::uuid[]) as k (workspace_id, id)) k
  on c.workspace_id = k.workspace_id and c.id = k.id
order by c.workspace_id, c.id for update of c`

/** {@link lockCalls}, with no more of each than its transcript needs. */
export async function lockCallHeads(
  client: Queryable,
  keys: readonly CallKey[],
): Promise<readonly CallHead[]> {
  const { rows } = await client.query<CallHead>(lockOf('c.workspace_id, c.id, c.status'), [
    keys.map((key) => key.workspaceId),
    keys.map((key) => key.id),
  ])
  return rows
}

/** {@link withParts} of many calls, in their order. */
export async function withPartsOfMany(
  client: Queryable,
  calls: readonly CallRow[],
): Promise<readonly Call[]> {
  if (calls.length === 0) return []
  const values = [calls.map((call) => call.workspace_id), calls.map(({ id }) => id)]
  const of = 'unnest($1::uuid[], $2::uuid[]) as k (workspace_id, call_id)'
  const { rows: entries } = await client.query<TranscriptRow & { call_id: string }>(
    `select call_id, sequence, role, text, spoken_at, function_name, arguments
     from ${of} join transcript_entries using (workspace_id, call_id) order by call_id, sequence`,
    values,
  )
  const { rows: tags } = await client.query<Tag & { call_id: string }>(
    `select c.call_id, t.id, t.name, t.description, t.color from ${of}
     join call_tags c using (workspace_id, call_id)
     join tags t on t.workspace_id = c.workspace_id and t.id = c.tag_id
     order by c.call_id, t.name`,
    values,
  )
  const [entriesOf, tagsOf] = [groupByCall(entries), groupByCall(tags)]
  return calls.map((call) =>
    renderCall(call, {
      transcripts: (entriesOf.get(call.id) ?? []).map(renderEntry),
      tags: (tagsOf.get(call.id) ?? []).map(({ call_id: _, ...tag }) => tag),
    }),
  )
}

function groupByCall<R extends { readonly call_id: string }>(
  rows: readonly R[],
): ReadonlyMap<string, readonly R[]> {
  const groups = new Map<string, R[]>()
  for (const row of rows) {
    const group = groups.get(row.call_id)
    if (group === undefined) groups.set(row.call_id, [row])
    else group.push(row)
  }
  return groups
}

export async function withParts(client: Queryable, row: CallRow): Promise<Call> {
  const values = [row.workspace_id, row.id]
  const { rows: transcripts } = await client.query<TranscriptRow>(
    `select sequence, role, text, spoken_at, function_name, arguments from transcript_entries
     where workspace_id = $1 and call_id = $2 order by sequence`,
    values,
  )
  const { rows: tags } = await client.query<Tag>(
    `select t.id, t.name, t.description, t.color from call_tags c
     join tags t on t.workspace_id = c.workspace_id and t.id = c.tag_id
     where c.workspace_id = $1 and c.call_id = $2 order by t.name`,
    values,
  )
  return renderCall(row, { tags, transcripts: transcripts.map(renderEntry) })
}

interface TranscriptRow {
  readonly sequence: number
  readonly role: TranscriptEntry['role']
  readonly text: string
  readonly spoken_at: Date | null
  readonly function_name: string | null
  readonly arguments: Json
}

const renderEntry = (row: TranscriptRow): TranscriptEntry => ({
  sequence: row.sequence,
  role: row.role,
  text: row.text,
  timestamp: row.spoken_at?.toISOString() ?? null,
  function_name: row.function_name,
  arguments: row.arguments,
})

interface ListRow extends CallRow {
  readonly cursor_at: string
  readonly tags: Tag[]
  readonly journeys: CallListItem['journeys']
}

const PARTS = `
  (select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name,
       'description', t.description, 'color', t.color) order by t.name), '[]')
   from call_tags ct join tags t on t.workspace_id = ct.workspace_id and t.id = ct.tag_id
   where ct.workspace_id = c.workspace_id and ct.call_id = c.id) as tags,
  (select jsonb_build_object('total', count(*),
       'completed', count(*) filter (where r.status = 'completed'),
       'failed', count(*) filter (where r.status = 'failed'),
       'waiting', count(*) filter (where r.status = 'waiting'))
   from runs r where r.workspace_id = c.workspace_id and r.call_id = c.id and r.kind = 'journey'
  ) as journeys`

const FILTERS = `c.workspace_id = $1
  and ($2::text is null or c.status = $2) and ($3::text is null or c.direction = $3)
  and ($4::uuid is null or c.agent_id = $4)
  and ($5::text is null or c.from_number = $5) and ($6::text is null or c.to_number = $6)`

function filterValues(workspaceId: string, query: CallListQuery): unknown[] {
  const { status, direction, agent_id, from_number, to_number } = query
  return [workspaceId, status, direction, agent_id, from_number, to_number].map(
    (value) => value ?? null,
  )
}

export async function listCalls(
  client: Queryable,
  workspaceId: string,
  query: CallListQuery,
): Promise<{ page: CallListItem[]; next: string | null }> {
  const after = parseCursor(query.cursor)
  const { rows } = await client.query<ListRow>(
    `select c.*, c.created_at::text as cursor_at, ${PARTS} from calls c
     where ${FILTERS} and ($7::text is null or (c.created_at, c.id) < ($7::timestamptz, $8::uuid))
     order by c.created_at desc, c.id desc limit $9`,
    [...filterValues(workspaceId, query), after?.at ?? null, after?.id ?? null, query.limit + 1],
  )
  const { page, next } = cutPage(rows, query.limit)
  return { page: page.map(renderItem), next }
}

/** One page by its number, for clients that count pages. */
export async function listCallsPage(
  client: Queryable,
  workspaceId: string,
  query: CallListQuery,
  { page, size }: { page: number; size: number },
): Promise<{ page: CallListItem[]; total: number }> {
  const values = filterValues(workspaceId, query)
  const { rows } = await client.query<ListRow>(
    `select c.*, c.created_at::text as cursor_at, ${PARTS} from calls c where ${FILTERS}
     order by c.created_at desc, c.id desc limit $7 offset $8`,
    [...values, size, (page - 1) * size],
  )
  const { rows: counts } = await client.query<{ total: number }>(
    `select count(*) as total from calls c where ${FILTERS}`,
    values,
  )
  return { page: rows.map(renderItem), total: first(counts).total }
}

function renderItem(row: ListRow): CallListItem {
  const { transcripts, call_prompt, first_message, prompt, analyzers, ...item } = renderCall(
    row,
    row,
  )
  const { pre_call: preCall } = row
  return {
    ...item,
    pre_call:
      preCall === null
        ? null
        : {
            status: preCall.status,
            duration_ms: preCall.duration_ms,
            budget_ms: preCall.budget_ms,
            missing_count: preCall.missing.length,
          },
    journeys: row.journeys,
  }
}

const COLUMN_OF: Readonly<Record<string, string>> = {
  uuid: 'id',
  simple_uuid: 'id',
  id: 'number',
  from_number: 'from_number',
  to_number: 'to_number',
  status: 'status',
  direction: 'direction',
  agent_id: 'agent_id',
  platform: 'platform',
}

/** The newest call with that value in a field, an external identifier or a parameter. */
export async function findByAttribute(
  client: Queryable,
  workspaceId: string,
  { attribute, value }: { attribute: string; value: string },
): Promise<Call | null> {
  const column = COLUMN_OF[attribute]
  const { rows } =
    column === undefined
      ? await client.query<CallRow>(
          `select * from calls where workspace_id = $1
             and (${columnOfDocument(attribute)} @> $2 or ${columnOfDocument(attribute)} @> $3)
           order by created_at desc, id desc limit 1`,
          [workspaceId, ...documentsOf(attribute, value)],
        )
      : await client.query<CallRow>(
          `select * from calls where workspace_id = $1 and ${column}::text = $2
           order by created_at desc, id desc limit 1`,
          [workspaceId, value],
        )
  const [row] = rows
  return row === undefined ? null : await withParts(client, row)
}

const DOCUMENT = /^(params|external_identifiers)\.(.+)$/

const columnOfDocument = (attribute: string): string =>
  DOCUMENT.exec(attribute)?.[1] === 'params' ? 'params' : 'external_identifiers'

/** The value as a text, and as the number or boolean it reads as. */
function documentsOf(attribute: string, value: string): [string, string] {
  const key = DOCUMENT.exec(attribute)?.[2] ?? attribute
  const isScalar = /^(true|false|-?\d{1,15}(\.\d{1,10})?)$/.test(value)
  const scalar: unknown = isScalar ? JSON.parse(normaliseNumeral(value)) : value
  return [JSON.stringify({ [key]: value }), JSON.stringify({ [key]: scalar })]
}

/** JSON knows no leading zeros. */
const normaliseNumeral = (text: string): string =>
  /^-?\d/.test(text) ? String(Number(text)) : text

/** A tag by its name, next to those the call has. */
export async function addTag(
  client: Queryable,
  workspaceId: string,
  callId: string,
  name: string,
  now: Date,
): Promise<void> {
  await client.query(
    `insert into tags (workspace_id, id, name) values ($1, $2, $3)
     on conflict (workspace_id, name) do nothing`,
    [workspaceId, createId(now), name],
  )
  await client.query(
    `insert into call_tags (workspace_id, call_id, tag_id)
     select $1, $2, id from tags where workspace_id = $1 and name = $3 on conflict do nothing`,
    [workspaceId, callId, name],
  )
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Replaces the call's tags; a name that does not exist becomes a tag, an id must exist. */
export async function replaceTags(
  client: Queryable,
  workspaceId: string,
  callId: string,
  wanted: readonly string[],
  now: Date,
): Promise<void> {
  const names = [...new Set(wanted.filter((tag) => !UUID.test(tag)))]
  const ids = [...new Set(wanted.filter((tag) => UUID.test(tag)))]
  await client.query(
    `insert into tags (workspace_id, id, name)
     select $1, t.id, t.name from jsonb_to_recordset($2) as t (id uuid, name text)
     on conflict (workspace_id, name) do nothing`,
    [workspaceId, JSON.stringify(names.map((name) => ({ id: createId(now), name })))],
  )
  const { rows: tags } = await client.query<{ id: string }>(
    'select id from tags where workspace_id = $1 and (name = any($2) or id = any($3::uuid[]))',
    [workspaceId, names, ids],
  )
  const found = new Set(tags.map(({ id }) => id))
  const unknown = wanted.findIndex((tag) => UUID.test(tag) && !found.has(tag.toLowerCase()))
  if (unknown !== -1) throw invalid(`tags.${unknown}`, 'is not the id of a tag')
  await client.query('delete from call_tags where workspace_id = $1 and call_id = $2', [
    workspaceId,
    callId,
  ])
  await client.query(
    `insert into call_tags (workspace_id, call_id, tag_id) select $1, $2, unnest($3::uuid[])`,
    [workspaceId, callId, [...found]],
  )
}
