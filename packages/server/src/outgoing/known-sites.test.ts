import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createAddressRule } from './address-rule.ts'
import { KnownSites, plainPath } from './known-sites.ts'
import { createUrlRule, type UrlRule } from './url-rule.ts'

function sites() {
  const allows = createAddressRule({ allowPrivateTargets: false })
  const rule = createUrlRule({ allowPrivateTargets: false, allows })
  let judged = 0
  const judge: UrlRule = (text) => {
    judged += 1
    return rule(text)
  }
  return { sites: new KnownSites(judge), judged: () => judged }
}

const whereOf = (known: KnownSites, text: string): unknown => {
  const located = known.locate(text)
  return located.ok ? [located.site.origin, located.path] : located.code
}

describe('where a request goes', () => {
  test('is judged once for a site, and each path is its own (S1)', () => {
    const { sites: known, judged } = sites()
    expect(whereOf(known, 'https://api.example/a?b=c')).toEqual(['https://api.example', '/a?b=c'])
    expect(whereOf(known, 'https://api.example/d')).toEqual(['https://api.example', '/d'])
    expect(judged()).toBe(1)
  })

  test.each([
    'https://api.example.',
    'https://api.example@10.0.0.1/',
    'https://user@api.example/',
    'https://api.example\\@10.0.0.1/',
    'https://api.example:22/',
    'http://api.example/',
    'https://10.0.0.1/',
    'https://API.example/x',
    'https:/api.example/x',
    'https:///api.example/x',
    'https://api.example/a b',
    'https://api.example/a\n',
    `https://api.example/${'a'.repeat(2_048)}`,
  ])('is the same for %j whether or not its site is known (S1)', (text) => {
    const { sites: fresh } = sites()
    const { sites: known } = sites()
    whereOf(known, 'https://api.example/')
    expect(whereOf(known, text)).toEqual(whereOf(fresh, text))
  })

  test('is the parser’s for any text behind a known site (S2)', () => {
    const { sites: known } = sites()
    const base = 'https://api.example'
    whereOf(known, `${base}/`)
    const odd = fc.constantFrom(
      '/',
      '.',
      '..',
      '%2e',
      '%2E',
      '?',
      '#',
      '\\',
      "'",
      '%',
      '@',
      ':',
      'é',
    )
    const piece = fc.oneof(odd, fc.string({ maxLength: 6 }), fc.string({ unit: 'binary' }))
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = `${base}/${pieces.join('')}`
        const { sites: fresh } = sites()
        expect(whereOf(known, text)).toEqual(whereOf(fresh, text))
      }),
      { numRuns: 400 },
    )
  })

  test('is taken as it is written only where nothing would change in it (S2)', () => {
    for (const text of ['/a/../b', '/%2e%2e/b', '/a?', "/a?b='", '/a#b', '/a b', '', 'a']) {
      expect([text, plainPath(text)]).toEqual([text, null])
    }
    expect(plainPath('/contacts?phone=%2B15550100001')).toBe('/contacts?phone=%2B15550100001')
  })
})
