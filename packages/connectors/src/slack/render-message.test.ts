import { fitText } from '@bookend/core'
import { describe, expect, test } from 'vitest'
import { MessageContent } from '../inputs.ts'
import { renderMessage } from './render-message.ts'

const render = (content: object) =>
  renderMessage({ fit: fitText }, MessageContent.parse({ text: 'x', ...content }))

const textsOf = (blocks: readonly object[]): readonly string[] =>
  blocks.map((block) => (block as { readonly text: { readonly text: string } }).text.text)

describe('the words of a caller', () => {
  test('call nobody and link nowhere (D11)', () => {
    const text = '<!channel> <@U1> <https://evil.example|your bank> & *bold*'
    const { blocks, text: fallback } = render({ text, title: text, fields: { [text]: text } })
    expect(fallback).toContain(
      '&lt;!channel&gt; &lt;@U1&gt; &lt;https://evil.example|your bank&gt; &amp;',
    )
    expect(fallback).not.toMatch(/[<>]/)
    // Slack reads no markup in plain text.
    expect(JSON.stringify(blocks)).not.toContain('mrkdwn')
    expect(blocks).toHaveLength(3)
  })

  test('hide nothing from their reader (D12)', () => {
    const { blocks } = render({ text: 'safe\u202egnp.exe\u0007\r\nsecond\u200b line' })
    expect(textsOf(blocks)).toEqual(['safegnp.exe\nsecond line'])
  })

  test('fill sections of 3,000 characters, and end with where to read on', () => {
    const text = Array.from({ length: 2_000 }, (_, at) => `user: turn ${at} 😀`).join('\n')
    const link = 'https://bookend.example.com/calls/1'
    const { blocks, text: fallback } = render({ text, link })
    const parts = textsOf(blocks)
    expect(parts.length).toBeLessThanOrEqual(50)
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(3_000)
    expect(parts.at(-2)).toMatch(/goes on: https:\/\/bookend.example.com\/calls\/1\]$/)
    expect(fallback.length).toBeLessThan(3_000)
  })

  test('without a line among them are cut inside no character', () => {
    const parts = textsOf(render({ text: '😀'.repeat(4_000) }).blocks)
    for (const part of parts) expect(Buffer.from(part).toString()).toBe(part)
    expect(parts.join('').length).toBeGreaterThan(7_990)
  })

  test('that are none at all still make a message', () => {
    expect(render({ text: '\u200b \n' })).toEqual({ text: 'Open', blocks: [] })
  })
})

test('a link stays one link, whatever is in it', () => {
  const link = 'https://bookend.example.com/calls/1?a=1&b=<|>'
  expect(render({ link, link_label: 'Decide <here> | now' }).blocks.at(-1)).toEqual({
    type: 'section',
    text: {
      type: 'mrkdwn',
      text: '<https://bookend.example.com/calls/1?a=1&amp;b=%3C%7C%3E|Decide &lt;here&gt; / now>',
      verbatim: true,
    },
  })
})
