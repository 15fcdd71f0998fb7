import { WriteCapturedError, captureWrites } from '@bookend/core'
import { expect, test } from 'vitest'
import { type EffectCase, type Setup, openBench, secretsOf } from './bench.ts'
import { isWrite, prepared } from './conformance-answers.ts'
import type { Conformance } from './conformance.ts'
import { status } from './fault.ts'
import { hostileTexts } from './hostile-texts.ts'

export function describeValues<S extends Setup>(subject: Conformance<S>): void {
  const { cases, connector } = subject
  const effectOf = (own: EffectCase<S>): string => connector.actions[own.action]?.effect ?? ''
  const writes = cases.filter((own) => effectOf(own) === 'write')

  const named = Object.entries(hostileTexts)
  test.runIf(subject.hostile !== undefined).each(named)(
    'carries %s as a value (K10)',
    async (_name, text) => {
      for (const { action, input } of subject.hostile?.(text) ?? []) {
        await using bench = await openBench(subject)
        if (!bench.actionOf(action).input.safeParse(input).success) continue
        // What is thrown and is no fault of the other system would reject here.
        await bench.run(action, input)
        expect(bench.vendor.problems).toEqual([])
      }
    },
  )

  test.each(cases)('$action tells no secret (K11)', async (own) => {
    for (const fault of [status(401), status(500), status(400), null]) {
      await using bench = await prepared(subject, own)
      if (fault !== null) bench.vendor.failAll(fault)
      const outcome = await bench.run(own.action, own.input(bench.setup))
      const error = outcome.kind === 'failed' ? outcome.error : null
      const told = JSON.stringify([
        bench.logged,
        outcome,
        error?.message,
        error?.stack,
        String(error?.cause),
        bench.vendor.requests.map(({ path, query }) => [path, query.toString()]),
      ])
      for (const secret of secretsOf(bench.setup.auth)) expect(told).not.toContain(secret)
    }
  })

  test.each(writes)('$action, run dry, shows its request and sends nothing (K13)', async (own) => {
    await using bench = await prepared(subject, own)
    const action = bench.actionOf(own.action)
    if (action.effect === 'read') return
    const input = own.input(bench.setup)
    expect(action.output.safeParse(action.preview(action.input.parse(input)))).toMatchObject({
      success: true,
    })
    const dry = await bench
      .run(own.action, input, { http: captureWrites(bench.http) })
      .catch((error: unknown) => error)
    expect(dry).toBeInstanceOf(WriteCapturedError)
    expect(bench.vendor.requests.filter((request) => isWrite(own, request))).toEqual([])
    if (!(dry instanceof WriteCapturedError)) return
    const shown = JSON.stringify(dry.captured)
    for (const secret of secretsOf(bench.setup.auth)) expect(shown).not.toContain(secret)
  })
}
