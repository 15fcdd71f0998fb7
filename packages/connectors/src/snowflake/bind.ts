// An author's SQL with `:name` in it, as one with `?`, and the values in their order.
//
// B1. What stands in quotes, dollars or a comment is no name, nor is a path (`value:name`) or a cast.
// B2. A value never becomes part of the SQL (D5).

import { ConnectorFault } from '@bookend/core'
import type { Params } from '../warehouse/input.ts'

export interface Binding {
  readonly type: 'TEXT' | 'FIXED' | 'REAL' | 'BOOLEAN'
  readonly value: string | null
}

export interface BoundStatement {
  readonly text: string
  readonly bindings: readonly Binding[]
}

const TOKEN =
  /'(?:[^'\\]|''|\\[^])*'|"(?:[^"]|"")*"|\$\$[^]*?\$\$|--[^\n]*|\/\/[^\n]*|\/\*[^]*?\*\/|(?<![\w:"\])]):([A-Za-z_]\w*)/g

export function bind(sql: string, params: Params): BoundStatement {
  const bindings: Binding[] = []
  const text = sql.replaceAll(TOKEN, (token, name: string | undefined) => {
    if (name === undefined) return token
    const value = Object.hasOwn(params, name) ? params[name] : undefined
    if (value === undefined) {
      throw new ConnectorFault({ kind: 'refused', detail: 'value_not_given' })
    }
    bindings.push(bindingOf(value))
    return '?'
  })
  return { text, bindings }
}

export const textBinding = (value: string | null): Binding => ({ type: 'TEXT', value })

function bindingOf(value: Params[string]): Binding {
  if (typeof value === 'boolean') return { type: 'BOOLEAN', value: String(value) }
  if (typeof value !== 'number') return textBinding(value)
  return { type: Number.isSafeInteger(value) ? 'FIXED' : 'REAL', value: String(value) }
}
