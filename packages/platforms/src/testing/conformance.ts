// What every adapter owes, run over its fixtures.
//
// The samples: what is expected of each. The forger: what is signed wrongly, late, twice or not at all
// is refused. The stranger: whatever a genuine sender may put into a body, reading it is a verdict.

import { describe } from 'vitest'
import type { PlatformAdapter } from '../adapter.ts'
import { describeForgery } from './conformance-forgery.ts'
import { describeHostility } from './conformance-hostility.ts'
import { describeSamples } from './conformance-samples.ts'

export interface Traits {
  /** Doors whose signature covers the body. */
  readonly signsBody: readonly ('pre-call' | 'events')[]
  /** Doors whose signature carries a time, and how old it may be. */
  readonly timed: Partial<Record<'pre-call' | 'events', number>>
  /** An event of a type that nobody has heard of. */
  readonly unheardOf: { readonly body: string; readonly contentType?: string }
}

export function adapterConformance(adapter: PlatformAdapter, traits: Traits): void {
  describe(`the ${adapter.label} adapter`, () => {
    describeSamples(adapter)
    describeForgery(adapter, traits)
    describeHostility(adapter, traits)
  })
}
