import { describe, expect, test } from 'vitest'
import { jsonTypes } from './to-json.ts'

const parse = (oid: number, text: string) => jsonTypes.getTypeParser(oid)(text)

describe("PostgreSQL's text as JSON", () => {
  test.each([
    ['int8', 20, '9007199254740991', 9007199254740991],
    ['int8 beyond 2^53', 20, '9007199254740993', '9007199254740993'],
    ['numeric, whole', 1700, '12', 12],
    ['numeric with a fraction', 1700, '12.50', '12.50'],
    ['numeric, not a number', 1700, 'NaN', 'NaN'],
    ['float8', 701, '0.1', 0.1],
    ['float8, infinite', 701, '-Infinity', '-Infinity'],
    ['int8[]', 1016, '{1,NULL,9007199254740993}', [1, null, '9007199254740993']],
    [
      'jsonb',
      3802,
      '{"n": 9007199254740993, "t": "9007199254740993", "f": 1.5}',
      {
        n: '9007199254740993',
        t: '9007199254740993',
        f: 1.5,
      },
    ],
    ['jsonb beyond a double', 3802, '[1e400, "\\" 1e400"]', ['1e400', '" 1e400']],
  ])('%s is not rounded (T1)', (_name, oid, text, value) => {
    expect(parse(oid, text)).toEqual(value)
  })

  test.each([
    ['date', 1082, '2026-02-28', '2026-02-28'],
    ['timestamp', 1114, '2026-02-28 10:00:00.123456', '2026-02-28T10:00:00.123456'],
    ['timestamptz', 1184, '2026-02-28 10:00:00+00', '2026-02-28T10:00:00Z'],
    ['timestamptz elsewhere', 1184, '2026-03-01 01:30:00.5+05:30', '2026-02-28T20:00:00.5Z'],
    ['timestamptz for ever', 1184, 'infinity', 'infinity'],
    ['timestamptz, far', 1184, '10000-01-01 00:00:00+00', '10000-01-01 00:00:00+00'],
    ['timestamptz[]', 1185, '{"2026-02-28 10:00:00-01"}', ['2026-02-28T11:00:00Z']],
  ])('%s is ISO text (T2)', (_name, oid, text, value) => {
    expect(parse(oid, text)).toEqual(value)
  })

  test('drops __proto__ from a document (T3)', () => {
    const value = parse(114, '{"__proto__": {"isVip": true}, "a": [{"__proto__": 1, "b": 2}]}')
    expect(JSON.stringify(value)).toBe('{"a":[{"b":2}]}')
    expect(value).not.toHaveProperty('isVip')
  })

  test.each([
    ['bool', 16, 't', true],
    ['bytea', 17, '\\x00ff', 'AP8='],
    ['text[]', 1009, '{a,"b,\\"c","NULL",NULL}', ['a', 'b,"c', 'NULL', null]],
    [
      'int4[][]',
      1007,
      '{{1,2},{3,4}}',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['a type of its own', 99_999, '(1,a)', '(1,a)'],
  ])('%s', (_name, oid, text, value) => {
    expect(parse(oid, text)).toEqual(value)
  })
})
