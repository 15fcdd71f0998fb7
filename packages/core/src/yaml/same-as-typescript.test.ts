import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Clock } from '../kernel/clock.ts'
import type { PreCallContext, PreCallWorkflow, StepOptions } from '../precall/definition.ts'
import { runPreCall } from '../precall/run.ts'
import { StepUnavailableError } from '../precall/steps.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { preCallOf } from './testing/parse.ts'

interface Step {
  readonly needs: readonly number[]
  readonly takesMs: number
  readonly ends: 'ok' | 'fails' | 'never'
  readonly timeoutMs: number | null
  readonly hasDefault: boolean
}

/** Each step may need any of those before it. */
const graphs = fc
  .array(
    fc.record({
      picks: fc.array(fc.nat(20), { maxLength: 3 }),
      takesMs: fc.integer({ min: 0, max: 400 }),
      ends: fc.constantFrom('ok', 'ok', 'ok', 'fails', 'never'),
      timeoutMs: fc.option(fc.integer({ min: 1, max: 400 })),
      hasDefault: fc.boolean(),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map((steps) =>
    steps.map(({ picks, ...step }, index): Step => ({
      ...step,
      needs: index === 0 ? [] : [...new Set(picks.map((pick) => pick % index))],
    })),
  )

const LOST = Symbol('lost')
const nameOf = (index: number): string => `s${index}`

/** The file's order is the reverse: what decides is what steps mention. */
function yamlOf(steps: readonly Step[]): string {
  const blocks = steps.map(({ needs, timeoutMs, hasDefault }, index) => {
    const inputs = needs.map((need) => `"\${{ steps.${nameOf(need)} }}"`).join(', ')
    const fields = [
      'use: echo.value.get',
      `with: { step: ${index}, needs: [${inputs}] }`,
      ...(timeoutMs === null ? [] : [`timeout: ${timeoutMs}ms`]),
      ...(hasDefault ? [`default: default of ${index}`] : []),
    ]
    return `  ${nameOf(index)}:\n${fields.map((field) => `    ${field}\n`).join('')}`
  })
  const names = steps.map((_, index) => nameOf(index))
  return `workflow: intake
on: pre-call
budget: 1s
connections: { echo: echo/main }
parameters:
${names.map((name) => `  ${name}: { type: string, default: fallback }\n`).join('')}
steps:
${blocks.toReversed().join('')}
respond:
  parameters:
${names.map((name) => `    ${name}: "\${{ steps.${name} }}"\n`).join('')}`
}

function typescriptOf(steps: readonly Step[]): PreCallWorkflow {
  const names = steps.map((_, index) => nameOf(index))
  return {
    kind: 'pre-call',
    name: 'intake',
    budgetMs: 1_000,
    parameters: Object.fromEntries(names.map((name) => [name, z.string()])),
    fallback: Object.fromEntries(names.map((name) => [name, 'fallback'])),
    connections: { echo: 'echo/main' },
    async run({ step, connections }) {
      const { value } = connections['echo'] as ReturnType<typeof connect>
      const outcomes: Promise<unknown>[] = []
      for (const [index, { needs, timeoutMs, hasDefault }] of steps.entries()) {
        const options = {
          ...(timeoutMs === null ? {} : { timeout: `${timeoutMs}ms` as const }),
          ...(hasDefault ? { default: `default of ${index}` } : {}),
        } as StepOptions<never>
        outcomes.push(
          perform(step, nameOf(index), needs, options, outcomes, (inputs) =>
            value.get({ step: index, needs: inputs }),
          ),
        )
      }
      const found = await Promise.all(outcomes)
      return {
        parameters: Object.fromEntries(
          found.map((each, index) => [nameOf(index), each === LOST ? undefined : each]),
        ),
      } as never
    },
  }
}

async function perform(
  step: PreCallContext['step'],
  name: string,
  needs: readonly number[],
  options: StepOptions<never>,
  outcomes: readonly Promise<unknown>[],
  call: (inputs: readonly unknown[]) => Promise<unknown>,
): Promise<unknown> {
  const inputs = await Promise.all(needs.flatMap((need) => outcomes[need] ?? []))
  if (inputs.includes(LOST)) return LOST
  try {
    return await step(name, () => call(inputs), options)
  } catch (error) {
    if (error instanceof StepUnavailableError) return LOST
    throw error
  }
}

function connect(steps: readonly Step[], clock: Clock) {
  return {
    value: {
      get: (input: { step: number; needs: readonly unknown[] }): Promise<unknown> =>
        new Promise((resolve, reject) => {
          const { takesMs = 0, ends } = steps[input.step] ?? {}
          if (ends === 'never') return
          const text = `${input.step}(${input.needs.join(' ')})`
          clock.setTimer(takesMs, () => (ends === 'ok' ? resolve(text) : reject(new Error('down'))))
        }),
    },
  }
}

const request = {
  call: {
    from_number: '+1',
    to_number: '+2',
    direction: 'inbound',
    timestamp: '2026-11-26T12:00:00Z',
  },
  agent: { id: 'a', name: 'A' },
} as const

async function observe(workflow: PreCallWorkflow, steps: readonly Step[]) {
  const clock = fakeClock()
  const connections = { echo: connect(steps, clock) }
  const running = runPreCall(workflow, { request, clock, budgetMs: 5_000, connections })
  await clock.advance(1_000)
  const { parameters, status, missing, durationMs, steps: records } = await running
  return {
    parameters,
    status,
    durationMs,
    // YAML knows the reason of a parameter that this function leaves out.
    missing: [...new Set(missing.map(({ name }) => name))].toSorted(),
    records: records.toSorted((a, b) => a.name.localeCompare(b.name)),
  }
}

test('a graph in YAML does what the same graph in TypeScript does, step for step', async () => {
  const property = fc.asyncProperty(graphs, async (steps) => {
    const [yaml, typescript] = [preCallOf(yamlOf(steps)), typescriptOf(steps)]
    expect(await observe(yaml, steps)).toEqual(await observe(typescript, steps))
  })
  await fc.assert(property, { numRuns: 80 })
}, 60_000)
