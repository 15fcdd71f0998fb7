import { expect, test } from 'vitest'
import { type Bench, type EffectCase, type Outcome, type Setup, openBench } from './bench.ts'
import type { Conformance } from './conformance.ts'
import { badBodies, status } from './fault.ts'
import type { VendorRequest } from './vendor-request.ts'

const DAY_MS = 86_400_000
const SLACK_MS = 2_000

export const isWrite = (own: EffectCase<never>, request: VendorRequest): boolean =>
  own.writes?.(request) ?? request.method !== 'GET'

export async function prepared<S extends Setup>(
  subject: Conformance<S>,
  own: EffectCase<S>,
): Promise<Bench<S>> {
  const bench = await openBench(subject)
  own.prepare?.(bench.setup)
  return bench
}

export function describeAnswers<S extends Setup>(subject: Conformance<S>): void {
  const { connector, cases, innerFailures = [] } = subject
  const effectOf = (own: EffectCase<S>): string => connector.actions[own.action]?.effect ?? ''

  test('has a case for each action, and a check', () => {
    const covered = new Set(cases.map(({ action }) => action))
    expect(Object.keys(connector.actions).filter((name) => !covered.has(name))).toEqual([])
    expect(connector.check === undefined).toBe(false)
  })

  test.each(cases)('$action speaks as the vendor describes (K1)', async (own) => {
    await using bench = await prepared(subject, own)
    const outcome = await bench.run(own.action, own.input(bench.setup))
    expect(outcome).toMatchObject({ kind: 'ok' })
    expect(bench.vendor.requests.length).toBeGreaterThan(0)
    expect(bench.vendor.problems).toEqual([])
  })

  test('checks its credential', async () => {
    await using bench = await openBench(subject)
    expect(await bench.check()).toMatchObject({ kind: 'ok' })
    expect(bench.vendor.problems).toEqual([])
    bench.vendor.failAll(status(401))
    expect(await bench.check()).toMatchObject({ kind: 'failed', verdict: { kind: 'auth' } })
  })

  test.each(cases)('$action believes Retry-After only where it makes sense (K5)', async (own) => {
    const inAMinute = new Date(Date.now() + 60_000).toUTCString()
    const values = [
      ['5', 5_000],
      [inAMinute, 60_000],
      ['315360000', DAY_MS],
      ['-1', 0],
      ['soon', 0],
      [null, 0],
    ] as const
    for (const [value, leastMs] of values) {
      await using bench = await prepared(subject, own)
      bench.vendor.failAll(status(429, value === null ? {} : { 'retry-after': value }))
      const outcome = await bench.run(own.action, own.input(bench.setup))
      expect(outcome).toMatchObject({ kind: 'failed', verdict: { kind: 'limited' } })
      const waitMs = waitOf(outcome)
      expect(waitMs).toBeLessThanOrEqual(DAY_MS + SLACK_MS)
      expect(waitMs).toBeGreaterThan(leastMs - 2 * SLACK_MS)
      // Waiting is the engine's: nothing asks again by itself.
      expect(bench.vendor.requests).toHaveLength(1)
    }
  })

  test.each(cases)('$action tells a bad credential from a missing permission (K6)', async (own) => {
    await using bench = await prepared(subject, own)
    const input = own.input(bench.setup)
    bench.vendor.failAll(status(401))
    expect(await bench.run(own.action, input)).toMatchObject({ verdict: { kind: 'auth' } })
    expect(bench.vendor.requests.length).toBeLessThanOrEqual(4)
    bench.vendor.recover()
    bench.vendor.failAll(status(403))
    expect(await bench.run(own.action, input)).toMatchObject({
      verdict: { kind: expect.stringMatching(/^(refused|auth|limited)$/) },
    })
  })

  test.each(innerFailures)('takes $name for no success (K7)', async ({ case: own, answer }) => {
    await using bench = await prepared(subject, own)
    bench.vendor.failNext({ kind: 'answer', isDone: false, answer }, (request) =>
      effectOf(own) === 'read' ? true : isWrite(own, request),
    )
    const outcome = await bench.run(own.action, own.input(bench.setup))
    expect(outcome.kind).toBe('failed')
  })

  test.each(cases)('$action believes no body that it should not (K8)', async (own) => {
    for (const [name, fault] of Object.entries(badBodies)) {
      await using bench = await prepared(subject, own)
      const isRead = effectOf(own) === 'read'
      bench.vendor.failAll(fault, (request) => isRead || isWrite(own, request))
      const outcome = await bench.run(own.action, own.input(bench.setup))
      const isNothing = name === 'empty' || name === 'no_content'
      const allowed = isRead ? ['retry', 'refused', 'missing'] : ['unknown']
      if (isNothing && own.mayBeEmpty === true) allowed.push('ok')
      if (own.ignoresAnswer === true) allowed.push('ok')
      const seen = outcome.kind === 'ok' ? 'ok' : outcome.verdict.kind
      expect(allowed, `${name} is taken as ${seen}`).toContain(seen)
    }
  })
}

function waitOf(outcome: Outcome): number {
  const until = outcome.kind === 'failed' && 'until' in outcome.verdict && outcome.verdict.until
  return until instanceof Date ? until.getTime() - Date.now() : 0
}
