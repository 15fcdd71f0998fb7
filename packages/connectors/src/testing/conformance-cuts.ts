// The promise of each class of effect, under a cut at every point where one can come.

import { describe, expect, test } from 'vitest'
import { type Bench, type EffectCase, type Setup, openBench } from './bench.ts'
import { isWrite, prepared } from './conformance-answers.ts'
import type { Conformance } from './conformance.ts'
import type { Fault } from './fault.ts'
import type { VendorRequest } from './vendor-request.ts'

const BUDGET_MS = 300
const BUDGETS_MS = [BUDGET_MS, 1_200, 4_800]
/** Far less than a request would be given otherwise, for a machine that has other things to do. */
const LATE_MAX_MS = 5_000
const AT_ONCE = 50

/** Their repeat with the same key leaves one record. */
const REPEATABLE: ReadonlySet<string> = new Set(['natural', 'key', 'client_id', 'marker'])

export function describeCuts<S extends Setup>(subject: Conformance<S>): void {
  const { cases, connector } = subject
  const effectOf = (own: EffectCase<S>): string => connector.actions[own.action]?.effect ?? ''
  const writes = cases.filter((own) => effectOf(own) === 'write')

  // Side by side: all that they do is wait.
  test.concurrent.each(cases)(
    '$action ends in time when nobody opens the door (K3)',
    async (own) => {
      await using bench = await openBench({ ...subject, isDeaf: true })
      own.prepare?.(bench.setup)
      const startedAtMs = performance.now()
      const outcome = await bench.run(own.action, own.input(bench.setup), { budgetMs: BUDGET_MS })
      expect(performance.now() - startedAtMs).toBeLessThan(BUDGET_MS + LATE_MAX_MS)
      expect(outcome).toMatchObject({ kind: 'failed', verdict: { kind: 'retry' } })
    },
  )

  test.concurrent.each(cases)('$action ends in time when an answer hangs (K3)', async (own) => {
    for (const kind of ['hang_headers', 'hang_body'] as const) {
      let isReached = false
      for (const budgetMs of BUDGETS_MS) {
        isReached ||= await hangs(subject, own, { kind, budgetMs })
      }
      expect(isReached).toBe(true)
    }
  })

  describe.each(writes)('$action, cut and tried again (F16)', (own) => {
    test.each([
      ['after the effect (K4)', { kind: 'reset', isDone: true }],
      ['inside its answer (K4)', { kind: 'cut_body', isDone: true }],
      ['before the effect (K12)', { kind: 'reset', isDone: false }],
    ] satisfies [string, Fault][])('%s', async (_name, fault) => {
      const clean = await countClean(subject, own)
      for (let at = 1; at <= clean.writes; at += 1) {
        await using bench = await prepared(subject, own)
        bench.vendor.failNext(
          fault,
          nth(at, (request) => isWrite(own, request)),
        )
        const input = own.input(bench.setup)
        const first = await bench.run(own.action, input)
        expect([at, first.kind]).toEqual([at, 'failed'])
        // Never `retry`: nobody can tell on this side whether it was done.
        expect(first).toMatchObject({ verdict: { kind: 'unknown' } })
        expect(countOf(own, bench)).toBeLessThanOrEqual(clean.count)
        if (!REPEATABLE.has(bench.classOf(own.action, input))) continue
        own.settle?.(bench.setup)
        const second = await bench.run(own.action, input)
        expect([at, second]).toEqual([at, expect.objectContaining({ kind: 'ok' })])
        expect([at, countOf(own, bench)]).toEqual([at, clean.count])
        expect(bench.vendor.problems).toEqual([])
      }
    })
  })

  test.each(writes)('$action, 50 at once for one subject, leaves one (K14)', async (own) => {
    const clean = await countClean(subject, own)
    await using bench = await prepared(subject, own)
    const input = own.input(bench.setup)
    // Of a marker only the step's lease keeps a second one away.
    const kind = bench.classOf(own.action, input)
    if (kind === 'marker' || !REPEATABLE.has(kind)) return
    const runs = Array.from({ length: AT_ONCE }, () => bench.run(own.action, input))
    const outcomes = await Promise.all(runs)
    expect(outcomes.filter((outcome) => outcome.kind === 'failed')).toEqual([])
    expect(countOf(own, bench)).toBe(clean.count)
  })
}

/** @returns Whether what hangs was reached; a machine that is busy may need longer for the way there. */
async function hangs<S extends Setup>(
  subject: Conformance<S>,
  own: EffectCase<S>,
  { kind, budgetMs }: { readonly kind: 'hang_headers' | 'hang_body'; readonly budgetMs: number },
): Promise<boolean> {
  await using bench = await prepared(subject, own)
  const isRead = bench.actionOf(own.action).effect === 'read'
  const isHung = (request: VendorRequest): boolean => isRead || isWrite(own, request)
  bench.vendor.failAll({ kind, isDone: true }, isHung)
  const startedAtMs = performance.now()
  const outcome = await bench.run(own.action, own.input(bench.setup), { budgetMs })
  expect(performance.now() - startedAtMs).toBeLessThan(budgetMs + LATE_MAX_MS)
  const wasSent = isRead || bench.vendor.requests.some(isHung)
  const isEarly = outcome.kind === 'failed' && outcome.verdict.kind === 'retry' && !wasSent
  if (isEarly) return false
  expect(outcome).toMatchObject({
    kind: 'failed',
    verdict: { kind: isRead ? 'retry' : 'unknown' },
  })
  return true
}

async function countClean<S extends Setup>(
  subject: Conformance<S>,
  own: EffectCase<S>,
): Promise<{ readonly writes: number; readonly count: number }> {
  await using bench = await prepared(subject, own)
  const outcome = await bench.run(own.action, own.input(bench.setup))
  expect(outcome).toMatchObject({ kind: 'ok' })
  const writes = bench.vendor.requests.filter((request) => isWrite(own, request)).length
  expect(writes).toBeGreaterThan(0)
  return { writes, count: countOf(own, bench) }
}

function countOf<S extends Setup>(own: EffectCase<S>, bench: Bench<S>): number {
  if (own.count === undefined) throw new RangeError(`The case of ${own.action} counts nothing`)
  return own.count(bench.setup)
}

function nth(at: number, matches: (request: VendorRequest) => boolean) {
  let seen = 0
  return (request: VendorRequest): boolean => {
    if (!matches(request)) return false
    seen += 1
    return seen === at
  }
}
