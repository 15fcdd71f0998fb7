import { PARAMETER_NAME } from '@bookend/contract'

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g
const PREFIX = /^params\./

/** Names that a prompt and a first message ask for, in order and once each. */
export function findPlaceholders(...templates: readonly string[]): readonly string[] {
  const names = templates.flatMap((template) =>
    [...template.matchAll(PLACEHOLDER)].map(([, inner = '']) => inner.trim().replace(PREFIX, '')),
  )
  return [...new Set(names)].filter((name) => PARAMETER_NAME.test(name))
}
