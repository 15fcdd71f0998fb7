import { describe, expect, test } from 'vitest'
import { escapeHtml } from './escape-html.ts'

describe('text of a caller in a mail (D9)', () => {
  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    '<a href="javascript:alert(1)">x</a>',
    '&lt;script&gt;',
    '</p><!-- <b>',
  ])('is only text as an element’s content, and in an attribute: %s', (text) => {
    const escaped = escapeHtml(text)
    expect(escaped).not.toMatch(/[<>"']/)
    expect(escaped).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#39;)/)
  })
})
