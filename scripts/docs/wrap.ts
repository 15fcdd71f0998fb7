// From what a page shows to what can be checked: a whole module, a whole workflow.

import { placeOf, type Sample } from './samples.ts'

export interface Wrapped {
  readonly module: string
  /** Lines that stand before the sample's first. */
  readonly linesBefore: number
}

interface Inside {
  readonly kind: 'journey' | 'pre-call'
  /** Local names and connections. */
  readonly connections: readonly (readonly [local: string, name: string])[]
}

/** The file whose text the sample shows, from the root of the repository; null when it is no file's. */
export const fileOf = ({ mark }: Sample): string | null =>
  /^examples\/[\w./-]+$/.exec(mark)?.[0] ?? null

/** Null for a fragment, and for a file, which is checked where it is. */
export function wrapTypeScript(sample: Sample): Wrapped | null {
  const { code, mark } = sample
  if (mark === 'fragment' || fileOf(sample) !== null) return null
  const inside = parseInside(mark)
  if (inside !== null) return between(startOf(inside), code, END[inside.kind])
  if (CONFIG_ENTRY.test(code)) return between(CONFIG_START, code, '} }))\n')
  if (mark !== '') throw new Error(`${placeOf(sample)}: nothing is known of the mark "${mark}"`)
  return { module: code, linesBefore: 0 }
}

/** What is inside a journey are its steps. Null for a fragment. */
export function wrapYaml({ code, mark }: Sample): string | null {
  if (mark === 'fragment') return null
  const inside = parseInside(mark)
  if (inside === null) return code
  const { kind, connections } = inside
  const named = connections.map(([local, name]) => `${local}: ${name}`).join(', ')
  const start = `workflow: sample\nconnections: { ${named} }\n`
  if (kind === 'pre-call') return `${start}${PRE_CALL_YAML}${code}`
  return `${start}on: call.completed\nsteps:\n${code.replaceAll(/^(?=.)/gm, '  ')}`
}

function parseInside(mark: string): Inside | null {
  const [, kind, named = ''] = /^inside (journey|pre-call)(?:: (.+))?$/.exec(mark) ?? []
  if (kind !== 'journey' && kind !== 'pre-call') return null
  const connections = [...named.matchAll(/(\w+)=(\S+)/g)].map(
    ([, local = '', name = '']) => [local, name] as const,
  )
  return { kind, connections }
}

const CONFIG_ENTRY = /^\/\/ bookend\.config\.ts\n'/
const CONFIG_START = `import { defineConfig } from '@bookend/sdk'
export default defineConfig(({ env }) => ({ connections: {
`

const PRE_CALL_YAML = `on: pre-call
parameters: { customer_name: { type: string, default: there } }
respond: { parameters: { customer_name: Ada } }
`

const OPENING = {
  journey: `import { journey } from '@bookend/sdk'
import { z } from 'zod'
export const zod = z
export default journey('sample', { on: 'call.completed',`,
  'pre-call': `import { preCall } from '@bookend/sdk'
import { z } from 'zod'
export default preCall('sample', { parameters: z.object({}), fallback: {},`,
} as const

const CONTEXT = {
  journey: 'event, call, step, sleep, waitFor, human, callLater, tag, emit, connections',
  'pre-call': 'call, agent, step, connections',
} as const

const END = { journey: '} })\n', 'pre-call': 'return { parameters: {} } } })\n' } as const

function startOf({ kind, connections }: Inside): string {
  const named = connections.map(([local, name]) => `${local}: '${name}'`).join(', ')
  const locals = connections.map(([local]) => local).join(', ')
  return `${OPENING[kind]}
  connections: { ${named} },
  async run(context) {
  const { ${CONTEXT[kind]} } = context
  const { ${locals} } = connections
`
}

const between = (start: string, code: string, end: string): Wrapped => ({
  module: `${start}${code}${end}`,
  linesBefore: start.split('\n').length - 1,
})
