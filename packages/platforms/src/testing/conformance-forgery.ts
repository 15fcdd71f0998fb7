import { describe, expect, test } from 'vitest'
import type { PlatformAdapter, RawRequest } from '../adapter.ts'
import type { Traits } from './conformance.ts'
import { loadFixtures, rawRequest, type Fixture } from './fixture.ts'
import { signAs } from './sign.ts'

const PROOF = /signature|authorization|secret/

export function describeForgery(adapter: PlatformAdapter, traits: Traits): void {
  const samples = loadFixtures(adapter.platform).filter(
    ({ request, expect: wanted, kind }) =>
      request !== undefined && wanted?.verification === 'accept' && kind !== 'verification',
  )
  describe.each(samples)('a forger of $name', (fixture) => {
    const genuine = rawRequest(fixture.request as NonNullable<Fixture['request']>)
    const options = adapter.options.parse(fixture.options)
    const isAccepted = (request: RawRequest) => adapter.verify(request, options).ok

    test('is refused without proof, and with an empty or another one', () => {
      const accepted = withoutProof(genuine).filter((request) => isAccepted(request))
      expect(accepted).toEqual([])
    })

    test('who repeats a proof with another beside it gets a verdict', () => {
      const verdicts = Object.entries(genuine.headers).map(([name, value]) => {
        const headers = { ...genuine.headers, [name]: `${value}, ${oneCharacterOff(value)}` }
        return typeof adapter.verify({ ...genuine, headers }, options).ok
      })
      expect(new Set(verdicts)).toEqual(new Set(['boolean']))
    })

    test('may not write header names in another way than any other sender', () => {
      const shouted = Object.entries(genuine.headers).map(([name, value]) => [
        name.toUpperCase(),
        value,
      ])
      expect(isAccepted({ ...genuine, headers: Object.fromEntries(shouted) })).toBe(true)
    })

    test.runIf(traits.signsBody.includes(genuine.door))(
      'is refused for one altered byte, and for one more or less',
      () => {
        const body = Buffer.from(genuine.body)
        for (const at of [0, body.length >> 1, body.length - 1]) {
          const altered = Buffer.from(body)
          altered[at] = (altered[at] ?? 0) ^ 1
          expect(isAccepted({ ...genuine, body: altered })).toBe(false)
        }
        expect(isAccepted({ ...genuine, body: body.subarray(1) })).toBe(false)
        expect(isAccepted({ ...genuine, body: Buffer.concat([body, body]) })).toBe(false)
      },
    )

    const toleranceMs = traits.timed[genuine.door]
    test.runIf(toleranceMs !== undefined)('is refused when late or early, not at the limit', () => {
      const toleranceOf = toleranceMs ?? 0
      const receivedMs = Math.floor(Date.parse(genuine.received_at) / 1_000) * 1_000
      const at = (ms: number) => {
        const unsigned = {
          ...genuine,
          at: new Date(receivedMs + ms),
          contentType: genuine.headers['content-type'] ?? '',
        }
        const headers = {
          ...genuine.headers,
          ...signAs(adapter.platform, unsigned, fixture.options),
        }
        const received_at = new Date(receivedMs).toISOString()
        return isAccepted({ ...genuine, headers, received_at })
      }
      expect([at(0), at(-toleranceOf), at(toleranceOf)]).toEqual([true, true, true])
      expect([at(-toleranceOf - 1_000), at(toleranceOf + 1_000)]).toEqual([false, false])
    })

    test('changes nothing by sending twice: both read the same (A1)', () => {
      const read = () =>
        genuine.door === 'pre-call'
          ? adapter.readPreCall(genuine, options)
          : adapter.readEvents(genuine, options)
      expect(read()).toEqual(read())
    })
  })
}

/** The request with its proof taken away or spoilt, wherever the proof is. */
function withoutProof(genuine: RawRequest): readonly RawRequest[] {
  const proofs = Object.keys(genuine.headers).filter((name) => PROOF.test(name))
  if (proofs.length === 0) {
    const folder = genuine.url.replace(/[^/]+$/, '')
    return [
      { ...genuine, url: folder },
      { ...genuine, url: `${folder}another-token` },
    ]
  }
  return proofs.flatMap((name) => {
    const { [name]: given = '', ...rest } = genuine.headers
    const wrong = ['', ' ', 'x', '=', ',', given.slice(1), given.slice(0, -2), `${given}A`]
    return [
      { ...genuine, headers: rest },
      ...[...wrong, oneCharacterOff(given)].map((value) => ({
        ...genuine,
        headers: { ...rest, [name]: value },
      })),
    ]
  })
}

/** The same text with its last letter or digit changed for another. */
function oneCharacterOff(text: string): string {
  const at = Math.max(0, text.replace(/=+$/, '').length - 2)
  const swapped = text[at] === 'a' ? 'b' : 'a'
  return text.slice(0, at) + swapped + text.slice(at + 1)
}
