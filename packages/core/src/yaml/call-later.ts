// A call for later, as a file asks for it: `call_later: { to, agent, in | at, … }`.

import type { FileEntry } from './file-node.ts'
import { requireField } from './handoff.ts'
import type { Problems } from './problem.ts'
import { readDuration, readFields, readMap } from './read.ts'
import { holdsTemplate } from './value.ts'

const FIELDS = ['to', 'agent', 'in', 'at', 'during', 'params', 'reason']

export function checkCallLater(entry: FileEntry | undefined, problems: Problems): void {
  const map = readMap(entry?.value, problems)
  if (map === null || entry === undefined) return
  const fields = readFields(map, FIELDS, problems)
  for (const name of ['to', 'agent']) requireField(name, map, entry.keyAt, problems)
  if (fields.has('in') === fields.has('at')) {
    problems.add(entry.keyAt, map.path, 'it needs either "in" or "at"', 'write in: 2h')
  }
  const within = fields.get('in')
  if (within !== undefined && !holdsTemplate(within.value)) readDuration(within, problems)
}
