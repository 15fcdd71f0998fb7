import { describe, expect, test } from 'vitest'
import type { Json } from '@bookend/contract'
import type { Hydration, PlatformAdapter } from '../adapter.ts'
import { answerOf, loadFixtures } from './fixture.ts'
import { mutationsOf } from './mutate.ts'

export interface RecordSample {
  /** A call's record as the platform's API answers it, once the call has ended. */
  readonly body: Json
  /** What must be in it for the call to have ended. */
  readonly call: object
}

/** For an adapter that can fetch a call. */
export function describeHydration(
  adapter: PlatformAdapter & { readonly hydrate: Hydration<unknown> },
  { body, call }: RecordSample,
): void {
  describe(`a call that is fetched from ${adapter.label}`, () => {
    const [sample] = loadFixtures(adapter.platform)
    const keys = { account_sid: `AC${'0'.repeat(32)}`, api_key: 'an api key' }
    const options = adapter.options.parse({ ...keys, ...sample?.options })
    const read = (status: number, answer: unknown) =>
      adapter.hydrate.read(answerOf(status, answer), options)

    test('is asked for by its id, which cannot leave its place in the address', () => {
      const request = adapter.hydrate.request('../x?y#z', options)
      expect(request?.method).toBe('GET')
      expect(request?.url).toMatch(/^https:\/\/[a-z.]+\/[^?#]*\.\.%2Fx%3Fy%23z/)
    })

    test('is read once it has ended', () => {
      expect(read(200, body)).toMatchObject({ kind: 'call', call })
    })

    test.each([401, 403])(
      'is not asked for again after %i, which is a mistake of set-up',
      (status) => {
        expect(read(status, body)).toMatchObject({ kind: 'refused' })
      },
    )

    test.each([404, 429, 500, 302])('is asked for again after %i', (status) => {
      expect(read(status, body)).toMatchObject({ kind: 'not_yet' })
    })

    test('is asked for again after an answer that is none, and any answer is a verdict', () => {
      const none = [null, undefined, 'text', [], 1].map((answer) => read(200, answer).kind)
      expect(new Set(none)).toEqual(new Set(['not_yet']))
      const kinds = [...mutationsOf(body)].map((strange) => read(200, strange).kind)
      expect(kinds.every((kind) => kind === 'call' || kind === 'not_yet')).toBe(true)
    })
  })
}
