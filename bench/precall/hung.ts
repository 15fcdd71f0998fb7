// Many calls at once whose lookups all hang: how late does each answer leave, past its budget?
//
// Peer in the same run: one bare timer per call, raced against a promise that never settles; that is
// the least a deadline can cost on this machine. Prints both, and the memory of the process.

import { fileURLToPath } from 'node:url'
import type { PreCallWorkflow, StepScope } from '@bookend/core'
import { runPreCall } from '@bookend/core'
import { systemClock } from '@bookend/server'
import { z } from 'zod'

const CALLS = Number(process.argv[2] ?? 5_000)
const BUDGET_MS = 2_000

const never = (): Promise<never> => new Promise(() => undefined)
/** Hangs like a request: it listens to the signal that would end it. */
const hang = ({ signal }: StepScope): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))

const workflow: PreCallWorkflow = {
  kind: 'pre-call',
  name: 'hung',
  budgetMs: null,
  parameters: { customer_name: z.string(), open_tickets: z.number() },
  fallback: { customer_name: 'there', open_tickets: 0 },
  async run({ step }) {
    const [name, tickets] = await Promise.all([
      step('contact', hang, { default: 'there' }),
      step('tickets', hang, { default: [] }),
      step('account', hang, { timeout: '10s', default: null }),
    ])
    return { parameters: { customer_name: name, open_tickets: tickets.length } }
  },
}

const request = {
  call: {
    from_number: '+15550100001',
    to_number: '+15550100900',
    direction: 'inbound' as const,
    timestamp: new Date().toISOString(),
  },
  agent: { id: 'agent', name: 'Support Agent' },
}

/** Milliseconds past the budget of each call; negative: inside it. */
async function overshoots(answer: () => Promise<unknown>): Promise<number[]> {
  return Promise.all(
    Array.from({ length: CALLS }, async () => {
      const startedAtMs = performance.now()
      await answer()
      return performance.now() - startedAtMs - BUDGET_MS
    }),
  )
}

function describe(label: string, values: number[]): void {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1)
  const late = values.filter((value) => value > 0).length
  process.stdout.write(
    `${label.padEnd(10)} p50 ${at(0.5)} ms  p99 ${at(0.99)} ms  max ${at(1)} ms  past the budget ${late}\n`,
  )
}

async function main(): Promise<void> {
  process.stdout.write(`${CALLS} calls at once, budget ${BUDGET_MS} ms, three hung steps each\n`)
  const bare = () => Promise.race([never(), new Promise((end) => setTimeout(end, BUDGET_MS))])
  describe('bare timer', await overshoots(bare))
  describe(
    'bookend',
    await overshoots(() =>
      runPreCall(workflow, { request, clock: systemClock, budgetMs: BUDGET_MS }),
    ),
  )
  process.stdout.write(`rss ${(process.memoryUsage.rss() / 1_048_576).toFixed(0)} MB\n`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main()
