// Rows into a table, each value a text that the statement casts to its column's type.

import type { Json } from '@bookend/contract'
import { ConnectorFault } from '@bookend/core'
import { renderMerge } from '../warehouse/merge.ts'
import { textBinding, type Binding, type BoundStatement } from './bind.ts'
import { quote, quoteTable, type Columns } from './table.ts'

type NewRow = Readonly<Record<string, Json>>

export function renderInsert(
  table: string,
  rows: readonly NewRow[],
  columns: Columns,
): BoundStatement {
  checkTable(columns)
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const bindings: Binding[] = []
  const selects = rows.map((row) => {
    const values = names.map((name) => {
      const { cast, binding } = castOf(name, row[name] ?? null, columns)
      bindings.push(binding)
      return cast
    })
    return `select ${values.join(', ')}`
  })
  const into = `${quoteTable(table)} (${names.map(quote).join(', ')})`
  return { text: `insert into ${into}\n${selects.join('\nunion all ')}`, bindings }
}

export function renderUpsert(
  table: string,
  key: readonly string[],
  row: NewRow,
  columns: Columns,
): BoundStatement {
  checkTable(columns)
  const cells = Object.entries(row).map(([name, value]) => ({
    name,
    ...castOf(name, value, columns),
  }))
  if (!key.every((name) => Object.hasOwn(row, name))) throw refused('no_such_column')
  const text = renderMerge(
    quoteTable(table),
    cells.map(({ name, cast }) => ({ name: quote(name), value: cast, isKey: key.includes(name) })),
  )
  return { text, bindings: cells.map(({ binding }) => binding) }
}

function castOf(
  name: string,
  value: Json,
  columns: Columns,
): { readonly cast: string; readonly binding: Binding } {
  const column = columns.get(name.toLowerCase())
  if (column === undefined) throw refused('no_such_column')
  if (column.cast === null) throw refused('column_of_another_type')
  return { cast: column.cast, binding: textBinding(textOf(value, column.cast)) }
}

function checkTable(columns: Columns): void {
  if (columns.size === 0) throw new ConnectorFault({ kind: 'missing', detail: 'no_such_table' })
}

function textOf(value: Json, cast: string): string | null {
  if (value === null) return null
  const isDocument = cast.includes('parse_json')
  return isDocument || typeof value === 'object' ? JSON.stringify(value) : String(value)
}

const refused = (detail: string): ConnectorFault => new ConnectorFault({ kind: 'refused', detail })
