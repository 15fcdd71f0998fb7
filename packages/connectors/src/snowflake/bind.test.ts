import { describe, expect, test } from 'vitest'
import { bind } from './bind.ts'

const params = { phone: '+14155550100', n: 4, share: 0.5, yes: true, none: null }

describe('a statement', () => {
  test('has its values beside it, in their order (B2)', () => {
    expect(
      bind(
        'select * from t where a = :phone and b in (:n,:share) or :yes = c or :none is null and d = :n',
        params,
      ),
    ).toEqual({
      text: 'select * from t where a = ? and b in (?,?) or ? = c or ? is null and d = ?',
      bindings: [
        { type: 'TEXT', value: '+14155550100' },
        { type: 'FIXED', value: '4' },
        { type: 'REAL', value: '0.5' },
        { type: 'BOOLEAN', value: 'true' },
        { type: 'TEXT', value: null },
        { type: 'FIXED', value: '4' },
      ],
    })
  })

  test.each([
    `select ':phone', 'it''s :n', 'a\\':n'`,
    'select "a:n", v:phone, v:n::text, "v":n, v[0]:n, f(x):n',
    'select 1 -- :n\n// :phone\n/* :n */',
    'select $$ :n $$',
    'select a::date',
  ])('keeps what is no name: %s (B1)', (sql) => {
    expect(bind(sql, params)).toEqual({ text: sql, bindings: [] })
  })

  test('with a name that was not given is refused', () => {
    for (const name of ['nope', 'toString', '__proto__']) {
      expect(() => bind(`select :${name}`, params)).toThrow('value_not_given')
    }
  })
})
