import { describe, expect, test } from 'vitest'
import { spanOfEvent } from './ical-time.ts'
import {
  escapeText,
  lineOf,
  newLine,
  parseCalendar,
  renderCalendar,
  unescapeText,
  type Component,
} from './ical.ts'

const BERLIN = 'Europe/Berlin'
const eventOf = (...lines: readonly string[]): Component => {
  const text = ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', ...lines, 'END:VEVENT', 'END:VCALENDAR'].join(
    '\n',
  )
  return parseCalendar(text)?.parts[0] as Component
}
const spanOf = (...lines: readonly string[]) => {
  const span = spanOfEvent(eventOf(...lines), BERLIN)
  return span && [span.start.toISOString(), span.end.toISOString(), span.isAllDay]
}

describe('lines', () => {
  test('are folded at 75 octets and never inside a character, and read back whole (I2)', () => {
    const words = 'Grüße 😀, '.repeat(60)
    const line = newLine('SUMMARY', escapeText(words), { CN: 'a;b' })
    const text = renderCalendar({ name: 'VCALENDAR', lines: [line], parts: [] })
    for (const part of text.split('\r\n')) {
      expect(Buffer.byteLength(part)).toBeLessThanOrEqual(75)
      expect(part).not.toContain('\ufffd')
    }
    const read = parseCalendar(text)?.lines[0]
    expect(unescapeText(read?.value ?? '')).toBe(words)
    expect(read?.params.get('CN')).toBe('a;b')
  })

  test('end no value: a text’s own are escaped (I1)', () => {
    const text = 'a\r\nATTENDEE:mailto:evil@example.com\\n;,\u0007'
    expect(escapeText(text)).toBe(String.raw`a\nATTENDEE:mailto:evil@example.com\\n\;\,`)
    expect(unescapeText(escapeText(text))).toBe('a\nATTENDEE:mailto:evil@example.com\\n;,')
  })

  test('are of components inside components, and what is cut is no calendar', () => {
    const event = eventOf('SUMMARY;LANGUAGE=de:Hallo', 'BEGIN:VALARM', 'SUMMARY:no', 'END:VALARM')
    expect(lineOf(event, 'SUMMARY')?.value).toBe('Hallo')
    expect(event.parts.map(({ name }) => name)).toEqual(['VALARM'])
    for (const text of ['', 'BEGIN:VCARD\nEND:VCARD', 'BEGIN:VCALENDAR\nBEGIN:VEVENT', '{}']) {
      expect(parseCalendar(text)).toBeNull()
    }
    expect(parseCalendar('BEGIN:VCALENDAR\n'.repeat(50_000))).toBeNull()
  })
})

describe('times', () => {
  test.each([
    [
      ['DTSTART:20260302T090000Z', 'DURATION:PT1H30M'],
      ['2026-03-02T09:00:00.000Z', '2026-03-02T10:30:00.000Z', false],
    ],
    [
      [
        'DTSTART;TZID=America/New_York:20260309T090000',
        'DTEND;TZID=America/New_York:20260309T100000',
      ],
      ['2026-03-09T13:00:00.000Z', '2026-03-09T14:00:00.000Z', false],
    ],
    [
      ['DTSTART;TZID=/example.org/20200101_1/Asia/Tokyo:20260302T090000', 'DURATION:P1D'],
      ['2026-03-02T00:00:00.000Z', '2026-03-03T00:00:00.000Z', false],
    ],
    // By the connection's clocks: a zone that nobody knows, and none at all.
    [
      ['DTSTART;TZID=Somewhere:20260302T090000'],
      ['2026-03-02T08:00:00.000Z', '2026-03-02T08:00:00.000Z', false],
    ],
    [
      ['DTSTART:20260702T090000', 'DURATION:-PT1H'],
      ['2026-07-02T07:00:00.000Z', '2026-07-02T07:00:00.000Z', false],
    ],
    // A day of 23 hours.
    [
      ['DTSTART;VALUE=DATE:20260329'],
      ['2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z', true],
    ],
    [
      ['DTSTART;VALUE=DATE:20260328', 'DURATION:P2D'],
      ['2026-03-27T23:00:00.000Z', '2026-03-29T22:00:00.000Z', true],
    ],
    // A time that the clocks skip is the moment at which they do.
    [
      ['DTSTART;TZID=Europe/Berlin:20260329T023000', 'DTEND;TZID=Europe/Berlin:20260329T040000'],
      ['2026-03-29T01:30:00.000Z', '2026-03-29T02:00:00.000Z', false],
    ],
    [['DTSTART:soon'], null],
    [['SUMMARY:no start'], null],
  ])('%j', (lines, expected) => {
    expect(spanOf(...lines)).toEqual(expected)
  })
})
