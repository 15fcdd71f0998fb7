import { fitText } from '@bookend/core'
import { describe, expect, test } from 'vitest'
import { MessageContent } from '../inputs.ts'
import { renderCard } from './render-card.ts'

const render = (content: object): string =>
  JSON.stringify(renderCard({ fit: fitText }, MessageContent.parse({ text: 'x', ...content })))

interface Run {
  readonly text: string
}
interface Card {
  readonly attachments: readonly [{ readonly content: { readonly body: { inlines: Run[] }[] } }]
}

const linesOf = (json: string): readonly string[] =>
  (JSON.parse(json) as Card).attachments[0].content.body.map(({ inlines }) =>
    inlines.map(({ text }) => text).join(''),
  )

describe('the words of a caller', () => {
  test('stand where no markup is read (D11)', () => {
    const text = '**now** [your bank](https://evil.example) <at>all</at>'
    const json = render({ text, title: text, fields: { [text]: text } })
    expect(linesOf(json)).toEqual([text, text, `${text}: ${text}`])
    expect(json).not.toContain('"TextBlock"')
    expect(json).not.toContain('FactSet')
    expect(json).not.toContain('Action.')
  })

  test('keep their lines, and hide nothing from their reader (D12)', () => {
    expect(linesOf(render({ text: 'one\r\n\r\ntwo\u202e' }))).toEqual(['one', '\u00a0', 'two'])
  })

  test.each([
    ['many lines', 'user: yes\n'.repeat(5_000)],
    ['many bytes', '😀'.repeat(8_000)],
    ['much to escape', '"\\'.repeat(8_000)],
  ])('fit into what a flow can post: %s', (_name, text) => {
    const link = 'https://bookend.example.com/calls/1'
    const json = render({ text, link })
    expect(Buffer.byteLength(json)).toBeLessThanOrEqual(27_000)
    expect(linesOf(json).join('\n')).toContain(`goes on: ${link}]`)
  })
})

test('the link is the only action', () => {
  const link = 'https://bookend.example.com/calls/1?a=1&b=2'
  const { content } = (JSON.parse(render({ link, link_label: 'Decide' })) as Card).attachments[0]
  expect(content).toMatchObject({
    type: 'AdaptiveCard',
    version: '1.4',
    actions: [{ type: 'Action.OpenUrl', title: 'Decide', url: link }],
  })
})
