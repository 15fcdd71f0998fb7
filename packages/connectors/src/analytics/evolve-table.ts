// A table that fits a call, where the store has no lock for who changes it.
//
//   the table's columns ─▶ fit ─▶ nothing to add: done
//        ▲                  └──▶ create or alter ─┐
//        └────────────────────────────────────────┘
//
// V1. Who finds that another was quicker goes on with what there is now.
// V2. A change that is not seen is looked for a few times, and never without end.

import { ConnectorFault } from '@bookend/core'
import type { Column, ColumnType } from './columns.ts'
import { fitRow, type FitOptions, type FittedRow } from './fit-row.ts'
import type { FlatCall } from './flatten-call.ts'

export type Table = ReadonlyMap<string, ColumnType | null>

export interface EvolvingTable extends FitOptions {
  readonly flat: FlatCall
  /** Empty where there is no table. */
  columns(): Promise<Table>
  /** Makes the table where it `isNew`, else adds to it. */
  change(add: readonly Column[], isNew: boolean): Promise<void>
}

export interface Evolved {
  readonly table: Table
  readonly row: FittedRow['row']
  readonly unfit: readonly string[]
  readonly added: readonly string[]
}

const ROUNDS_MAX = 8

export async function evolveTable(evolving: EvolvingTable): Promise<Evolved> {
  const added = new Set<string>()
  for (let round = 1; ; round += 1) {
    const table = await evolving.columns()
    const { add, row, unfit } = fitRow(evolving.flat, table, evolving)
    if (add.length === 0) return { table, row, unfit, added: [...added] }
    if (round > ROUNDS_MAX) throw new ConnectorFault({ kind: 'retry', detail: 'table_not_ready' })
    try {
      await evolving.change(add, table.size === 0)
      for (const { name } of add) added.add(name)
    } catch (error) {
      const mayBeRace = error instanceof ConnectorFault && error.verdict.kind === 'refused'
      if (!mayBeRace || round === ROUNDS_MAX) throw error
      if ((await evolving.columns()).size <= table.size) throw error
    }
  }
}
