// Puts parameters into a prompt or a first message.
//
// A value is inserted once and never expanded again, so a caller's text cannot become a placeholder;
// and no `{{placeholder}}` stays visible: one without a value renders to nothing and is reported.

import type { Json } from '@bookend/contract'
import { PARAMETER_NAME } from '@bookend/contract'
import type { Parameters } from './merge.ts'

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g
const PREFIX = /^params\./

export interface Rendered {
  readonly text: string
  /** Names, in order and once each, that the template asks for and nobody provided. */
  readonly unresolved: readonly string[]
}

export function renderTemplate(template: string, parameters: Parameters): Rendered {
  const unresolved = new Set<string>()
  const text = template.replace(PLACEHOLDER, (_, inner: string) => {
    const name = nameOf(inner)
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined
    if (value === undefined || value === null) {
      unresolved.add(name)
      return ''
    }
    return asText(value)
  })
  return { text, unresolved: [...unresolved] }
}

/** Names of the placeholders in a template, in order and once each; malformed ones are left out. */
export function placeholdersOf(template: string): readonly string[] {
  const names = [...template.matchAll(PLACEHOLDER)].map(([, inner = '']) => nameOf(inner))
  return [...new Set(names)].filter((name) => PARAMETER_NAME.test(name))
}

const nameOf = (inner: string): string => inner.trim().replace(PREFIX, '')

const asText = (value: Exclude<Json, null>): string =>
  typeof value === 'string' ? value : JSON.stringify(value)
