// What every connector that speaks HTTP is held to, against its fake and through the real client.
//
// K1  requests and answers are as described      K8  bodies that no reader should believe
// K3  a hang at each phase ends in time          K10 hostile values
// K4  a cut after sending, then again: one       K11 no secret is told
// K5  what Retry-After may say                   K12 a cut before the effect, then again: one
// K6  a bad credential                           K13 a dry run sends nothing
// K7  success with a failure inside              K14 one subject, 50 at once: one
//
// K2 (another's client sees the effect) and K9 (phone numbers) are each connector's own tests.

import type { AnyConnector } from '@bookend/core'
import { describe } from 'vitest'
import type { EffectCase, Setup } from './bench.ts'
import { describeAnswers } from './conformance-answers.ts'
import { describeCuts } from './conformance-cuts.ts'
import { describeValues } from './conformance-values.ts'
import type { VendorAnswer } from './vendor-request.ts'

/** An answer of success that tells of a failure (K7). */
export interface InnerFailure<S extends Setup> {
  readonly name: string
  readonly case: EffectCase<S>
  readonly answer: VendorAnswer
}

export interface Conformance<S extends Setup> {
  readonly connector: AnyConnector
  open(): Promise<S>
  /** At least one for each action. */
  readonly cases: readonly EffectCase<S>[]
  readonly innerFailures?: readonly InnerFailure<S>[]
  /** Inputs with a hostile text where people's words go (K10). */
  hostile?(text: string): readonly { readonly action: string; readonly input: unknown }[]
}

export function conformance<S extends Setup>(subject: Conformance<S>): void {
  describe(`${subject.connector.id} is a connector`, () => {
    describeAnswers(subject)
    describeCuts(subject)
    describeValues(subject)
  })
}
