import { expect, test } from 'vitest'
import { classifyException } from './classify.ts'
import { renderParams } from './render-params.ts'

test('a value is written as the server reads it, and ends nothing', () => {
  expect(
    renderParams({
      phone: '+14155550100',
      text: `a'b\\c\td\ne\0`,
      n: 4,
      yes: true,
      nothing: null,
      list: [`it's`, 'a\\', 1, null],
    }),
  ).toEqual({
    param_phone: '+14155550100',
    param_text: `a'b\\\\c\\td\\ne\\0`,
    param_n: '4',
    param_yes: 'true',
    param_nothing: '\\N',
    param_list: `['it\\'s','a\\\\',1,NULL]`,
  })
})

test.each([
  [159, 'write', 'unknown'],
  [159, 'read', 'retry'],
  [319, 'write', 'unknown'],
  [202, 'write', 'retry'],
  [516, 'read', 'auth'],
  [60, 'read', 'refused'],
] as const)('exception %i of a %s is %s', (code, effect, kind) => {
  expect(classifyException(code, effect)).toEqual({ kind, detail: `clickhouse_${code}` })
})
