// Numbers as people have them, the forms in which they are stored, and those that look like them.

import { parsePhone, phoneVariants } from '@bookend/core'
import { expect, test } from 'vitest'
import type { AnyConnector } from '@bookend/core'
import { type Setup, openBench } from './bench.ts'

/** Of many countries: with and without a trunk digit, long and short, with digits that come and go. */
export const phoneCorpus: readonly string[] = [
  '+14155550100',
  '+12125550123',
  '+14165550142',
  '+18765550100',
  '+442079460018',
  '+447946001234',
  '+441615550000',
  '+353861234567',
  '+35312345678',
  '+4930901820',
  '+4915112345678',
  '+498912345678',
  '+431234567',
  '+436641234567',
  '+41446681800',
  '+41781234567',
  '+33123456789',
  '+33612345678',
  '+390612345678',
  '+393335550100',
  '+34912345678',
  '+34612345678',
  '+351212345678',
  '+31201234567',
  '+31612345678',
  '+3223456789',
  '+4532123456',
  '+4721234567',
  '+46812345678',
  '+46701234567',
  '+358912345678',
  '+48221234567',
  '+420212345678',
  '+61212345678',
  '+61412345678',
  '+6493456789',
  '+819012345678',
  '+6561234567',
  '+919812345678',
  '+525512345678',
  '+5491123456789',
  '+5511987654321',
]

/** Other lines whose number ends or reads alike. */
export function falseFriends(e164: string): readonly string[] {
  const national = e164.slice(-8)
  // Of a short number the tail is the whole of it.
  const whole = parsePhone(e164)?.national ?? ''
  const tails = whole.length > 8 ? [national, national.slice(-7)] : []
  return [
    // Where numbers may have any length, the same digits are another line.
    `+${e164.startsWith('+43') ? '49' : '43'}${whole}`,
    `+49${e164.slice(1)}`.slice(0, 14),
    `+1650${national.slice(-7)}`,
    `+4420${national}`,
    `+33${national.padStart(9, '6')}`,
    `${e164.slice(0, -1)}${(Number(e164.at(-1)) + 1) % 10}`,
    ...tails,
  ].filter((other) => other !== e164)
}

export interface PhoneSubject<S extends Setup> {
  readonly connector: AnyConnector
  open(): Promise<S>
  /** Stores a contact with this number. @returns Its id. */
  seed(setup: S, stored: string): string
}

/** K9: whoever has the number is found, however it is stored, and nobody else. */
export function phoneConformance<S extends Setup>(subject: PhoneSubject<S>): void {
  const found = async (stored: readonly string[], phone: string): Promise<unknown> => {
    await using bench = await openBench(subject)
    for (const friend of falseFriends(phone)) subject.seed(bench.setup, friend)
    const ids = stored.map((own) => subject.seed(bench.setup, own))
    const outcome = await bench.run('contact.find_by_phone', { phone })
    if (outcome.kind === 'failed') return outcome.verdict
    const contact = outcome.output as { id: string; matches: number; assurance: string } | null
    return contact === null
      ? null
      : { isOwn: ids.includes(contact.id), matches: contact.matches, assurance: contact.assurance }
  }

  test.each(phoneCorpus)('finds whoever has %s, and no false friend (K9)', async (phone) => {
    expect(await found([], phone)).toBeNull()
    for (const form of phoneVariants(phone)) {
      expect([form, await found([form], phone)]).toEqual([
        form,
        { isOwn: true, matches: 1, assurance: 'low' },
      ])
    }
  })

  test('tells that several share a number, and asks nothing for what is none (K9)', async () => {
    expect(await found(['+14155550100', '(415) 555-0100'], '+14155550100')).toMatchObject({
      matches: 2,
      assurance: 'none',
    })
    await using bench = await openBench(subject)
    for (const phone of ['anonymous', '911', '', 'sip:ada@example.com']) {
      expect(await bench.run('contact.find_by_phone', { phone })).toEqual({
        kind: 'ok',
        output: null,
      })
    }
    expect(bench.vendor.requests).toEqual([])
    for (const own of ['+14155550100', '415-555-0100']) subject.seed(bench.setup, own)
    const phone = '+14155550100'
    const none = await bench.run('contact.find_by_phone', { phone, on_many: 'none' })
    expect(none).toEqual({ kind: 'ok', output: null })
    const fail = await bench.run('contact.find_by_phone', { phone, on_many: 'fail' })
    expect(fail).toMatchObject({ verdict: { kind: 'conflict' } })
  })
}
