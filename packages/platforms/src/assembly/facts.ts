// A call's knowledge as single facts, so that two events may each know something the other does not.

import type { Json } from '@bookend/contract'
import type { NeutralCall } from '../neutral.ts'

export type Fact = readonly [path: string, value: Json]

const AGENT = ['id', 'name', 'version'] as const

/** What a call record says, one fact for each field, parameter and result. */
export function factsOf(call: NeutralCall): readonly Fact[] {
  const { agent, params, analysis_results: results, transcripts: _, ...plain } = call
  const facts: Fact[] = Object.entries(plain).map(([name, value]) => [name, value])
  if (agent !== undefined) for (const name of AGENT) facts.push([`agent.${name}`, agent[name]])
  for (const [name, value] of Object.entries(params ?? {})) facts.push([`params.${name}`, value])
  for (const [index, { name, result }] of (results ?? []).entries()) {
    facts.push([`analysis.${name}`, [index, result]])
  }
  return facts
}

/** The record again, from its facts in order. */
export function callOf(facts: readonly Fact[]): NeutralCall {
  const plain: Record<string, Json> = {}
  const agent: Record<string, Json> = {}
  const params: [string, Json][] = []
  const results: { name: string; index: number; result: Json }[] = []
  for (const [path, value] of facts) {
    const dot = path.indexOf('.')
    const [group, name] = [path.slice(0, dot), path.slice(dot + 1)]
    if (dot === -1) plain[path] = value
    else if (group === 'agent') agent[name] = value
    else if (group === 'params') params.push([name, value])
    else if (Array.isArray(value)) {
      results.push({ name, index: Number(value[0]), result: value[1] ?? null })
    }
  }
  const { id = null, name = null, version = null } = agent
  const ordered = results.toSorted((a, b) => a.index - b.index || (a.name < b.name ? -1 : 1))
  return {
    ...plain,
    ...(Object.keys(agent).length === 0 ? {} : { agent: { id, name, version } }),
    ...(params.length === 0 ? {} : { params: Object.fromEntries(params) }),
    ...(results.length === 0
      ? {}
      : { analysis_results: ordered.map(({ name: title, result }) => ({ name: title, result })) }),
    // Facts are only ever made from a NeutralCall, field by field.
  } as NeutralCall
}
