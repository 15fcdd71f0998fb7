import { describe, expect, test } from 'vitest'
import { createAddressRule } from './address-rule.ts'
import { createUrlRule, type UrlRuleOptions } from './url-rule.ts'

function ruleWith(options: Partial<UrlRuleOptions> = {}): (text: string) => string {
  const allowPrivateTargets = options.allowPrivateTargets ?? false
  const { ownAddresses = [] } = options
  const allows = createAddressRule({ allowPrivateTargets, ownAddresses })
  const judge = createUrlRule({ allowPrivateTargets, allows, ...options })
  return (text) => {
    const verdict = judge(text)
    return verdict.ok ? verdict.url.href : verdict.code
  }
}

const strict = ruleWith()
const lenient = ruleWith({ allowPrivateTargets: true })

describe('a URL that may be saved and used', () => {
  test.each([
    ['https://hooks.example.com/a?b=c', 'https://hooks.example.com/a?b=c'],
    ['https://hooks.example.com:8443/', 'https://hooks.example.com:8443/'],
    ['https://HOOKS.example.com/#fragment', 'https://hooks.example.com/'],
    ['https://hooks.example.com./a', 'https://hooks.example.com/a'],
    ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
    ['https://[2606:4700:4700::1111]/', 'https://[2606:4700:4700::1111]/'],
  ])('is dialled as parsed: %s', (text, href) => {
    expect(strict(text)).toBe(href)
  })

  test.each([
    'http://hooks.example.com/',
    'file:///etc/passwd',
    'gopher://hooks.example.com/',
    'data:text/plain,a',
    'ftp://hooks.example.com/',
    'ws://hooks.example.com/',
    'javascript:alert(1)',
  ])('has the right scheme (A8): %s', (text) => {
    expect(strict(text)).toBe('invalid_url')
  })

  test('is plain http only where private targets are allowed (A8)', () => {
    expect(lenient('http://hooks.example.com/')).toBe('http://hooks.example.com/')
    expect(lenient('ftp://hooks.example.com/')).toBe('invalid_url')
  })

  test.each([
    'https://user:pw@hooks.example.com/',
    'https://user@hooks.example.com/',
    'https://:pw@a.example/',
  ])('holds no user or password (A8): %s', (text) => {
    expect(strict(text)).toBe('invalid_url')
    expect(lenient(text)).toBe('invalid_url')
  })

  test.each([
    '',
    'hooks.example.com',
    'https://',
    'https://a b.example/',
    '//hooks.example.com/',
    'https://hooks.example.com/\r\nX: y',
    'https://exa\tmple.com/',
    ' https://a.example/',
    'https://hooks..example.com../',
    'https://.',
    'https://a.example:99999/',
  ])('parses without anything being ignored: %j', (text) => {
    expect(lenient(text)).toBe('invalid_url')
  })

  test('is at most 2,048 characters, before and after parsing (A8)', () => {
    const path = (length: number): string => `https://a.example/${'x'.repeat(length - 18)}`
    expect(strict(path(2_048))).toBe(path(2_048))
    expect(strict(path(2_049))).toBe('invalid_url')
    expect(strict(`https://a.example/${'é'.repeat(1_000)}`)).toBe('invalid_url')
  })

  test('has one of the ports, where ports are listed (A8)', () => {
    const rule = ruleWith({ ports: [443, 8443] })
    expect(rule('https://a.example/')).toBe('https://a.example/')
    expect(rule('https://a.example:8443/')).toBe('https://a.example:8443/')
    expect(rule('https://a.example:22/')).toBe('invalid_url')
    expect(ruleWith({ ports: [443], allowPrivateTargets: true })('http://10.0.0.1:81/')).toBe(
      'http://10.0.0.1:81/',
    )
  })

  test('gives a reason that repeats nothing of it (A10)', () => {
    const allows = createAddressRule({ allowPrivateTargets: false })
    const judge = createUrlRule({ allowPrivateTargets: false, allows })
    const verdict = judge('https://user:secret@10.0.0.1/path')
    expect(verdict).toEqual({
      ok: false,
      code: 'invalid_url',
      reason: 'must not hold a user or password',
    })
  })
})

describe('the host of a URL', () => {
  test.each([
    'https://127.0.0.1/',
    'https://10.1.2.3/',
    'https://169.254.169.254/',
    'https://100.64.1.1/',
    'https://[::1]/',
    'https://[fe80::1]/',
    'https://0.0.0.0/',
  ])('is no private address (A1): %s', (text) => {
    expect(strict(text)).toBe('blocked')
  })

  test.each([
    ['decimal', 'https://2130706433/'],
    ['hexadecimal', 'https://0x7f.1/'],
    ['octal', 'https://0177.0.0.1/'],
    ['short', 'https://127.1/'],
    ['full-width', 'https://１２７.０.０.１/'],
    ['circled', 'https://①②⑦.⓪.⓪.①/'],
    ['soft hyphens', 'https://127.0.0\u00ad.1/'],
    ['percent escapes', 'https://%31%32%37.0.0.1/'],
    ['ideographic dots', 'https://127。0。0。1/'],
    ['trailing dot', 'https://127.0.0.1./'],
    ['backslashes', 'https:\\\\127.0.0.1\\'],
    ['metadata in decimal', 'https://2852039166/'],
  ])('is no address in other spelling (A2): %s', (_spelling, text) => {
    expect(strict(text)).toBe('blocked')
  })

  test.each([
    ['mapped', 'https://[::ffff:127.0.0.1]/'],
    ['IPv4-compatible', 'https://[::127.0.0.1]/'],
    ['NAT64', 'https://[64:ff9b::127.0.0.1]/'],
    ['6to4', 'https://[2002:7f00:1::]/'],
  ])('is no IPv6 disguise (A3): %s', (_kind, text) => {
    expect(strict(text)).toBe('blocked')
  })

  test.each([
    'https://localhost/',
    'https://localhost./',
    'https://LOCALHOST/',
    'https://a.localhost/',
    'https://printer.local/',
    'https://metadata.google.internal/',
    'https://intranet/',
    'https://nas.home.arpa/',
    'https://wiki.corp./',
    'https://db.lan/',
  ])('is no name that leads inside (A8): %s', (text) => {
    expect(strict(text)).toBe('blocked')
  })

  test.each([
    'https://localhost.example.com/',
    'https://internal.example.com/',
    'https://mylocal.dev/',
  ])('may hold such a word elsewhere: %s', (text) => {
    expect(strict(text)).toBe(text)
  })

  test('may be private where that is allowed, but never metadata', () => {
    expect(lenient('http://localhost:4100/x')).toBe('http://localhost:4100/x')
    expect(lenient('http://127.0.0.1:4100/x')).toBe('http://127.0.0.1:4100/x')
    expect(lenient('http://crm:8080/')).toBe('http://crm:8080/')
    expect(lenient('http://169.254.169.254/')).toBe('blocked')
    expect(lenient('http://[fd00:ec2::254]/')).toBe('blocked')
  })

  test('is not our own (A8)', () => {
    const rule = ruleWith({
      allowPrivateTargets: true,
      ownAddresses: [{ host: 'Bookend.example.com' }, { host: '127.0.0.1', port: 4000 }],
    })
    expect(rule('https://bookend.example.com./v1')).toBe('blocked')
    expect(rule('https://other.example.com/')).toBe('https://other.example.com/')
    expect(rule('http://127.0.0.1:4000/')).toBe('blocked')
    expect(rule('http://127.1:4001/')).toBe('http://127.0.0.1:4001/')
  })
})
