// What stands in for another system in a test.
//
//   a value · a function of the input · after(duration, …) · fail(how) · hang

import type { Clock, Duration, Effect, FaultVerdict } from '@bookend/core'
import { BookendError, ConnectorFault, maybeDone, parseDuration } from '@bookend/core'

/** How another system can fail, by what may be done about it. */
export type FakeFailure = 'timeout' | FaultVerdict['kind']

class Delayed {
  readonly delayMs: number
  readonly fake: Fake

  constructor(delayMs: number, fake: Fake) {
    this.delayMs = delayMs
    this.fake = fake
  }
}

class Failing {
  readonly failure: FakeFailure

  constructor(failure: FakeFailure) {
    this.failure = failure
  }
}

class Hanging {
  readonly kind = 'hanging'
}

/** Who asks. */
export interface FakeCall {
  readonly step: string
  /** The same on every attempt of a journey's step; null before the call. */
  readonly key: string | null
}

/** By what an action answers: its output, or a function that makes it of the input. */
export type Fake = unknown

/** By `<local name>.<noun>.<verb>`, as in `crm.contact.find_by_phone`. */
export type Fakes = Readonly<Record<string, Fake>>

/** A test's fakes cannot be what they stand for. */
export class FakeError extends BookendError {
  override readonly name = 'FakeError'
  readonly code = 'fake_invalid'
  readonly retryable = false
}

/** Answers when so much virtual time has passed. */
export const after = (duration: Duration, fake: Fake): Fake =>
  new Delayed(parseDuration(duration), fake)

/** Fails as the other system would. */
export const fail = (failure: FakeFailure): Fake => new Failing(failure)

/** Never answers. */
export const hang: Fake = new Hanging()

/** @throws {ConnectorFault} The fake says so. Whatever a function throws comes out as it is. */
export async function playFake(
  fake: Fake,
  input: unknown,
  by: FakeCall,
  tools: { readonly clock: Clock; readonly effect: Effect },
): Promise<unknown> {
  if (fake instanceof Hanging) return await new Promise<never>(() => undefined)
  if (fake instanceof Failing) throw new ConnectorFault(verdictOf(fake.failure, tools))
  if (fake instanceof Delayed) {
    await new Promise<void>((resolve) => void tools.clock.setTimer(fake.delayMs, resolve))
    return await playFake(fake.fake, input, by, tools)
  }
  if (typeof fake !== 'function') return fake
  const answer: unknown = await (fake as (input: unknown, by: FakeCall) => unknown)(input, by)
  const isFake = answer instanceof Hanging || answer instanceof Failing || answer instanceof Delayed
  return isFake ? await playFake(answer, input, by, tools) : answer
}

const LIMITED_FOR_MS = 60_000

function verdictOf(
  failure: FakeFailure,
  { clock, effect }: { clock: Clock; effect: Effect },
): FaultVerdict {
  const detail = `fake_${failure}`
  switch (failure) {
    case 'timeout':
      return maybeDone(effect, 'timeout')
    case 'limited':
      return { kind: failure, detail, until: new Date(clock.now().getTime() + LIMITED_FOR_MS) }
    case 'retry':
    case 'unknown':
    case 'auth':
    case 'missing':
    case 'conflict':
    case 'refused':
      return { kind: failure, detail }
  }
}
