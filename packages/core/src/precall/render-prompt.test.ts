import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { placeholdersOf, renderTemplate } from './render-prompt.ts'

describe('rendering a prompt', () => {
  test('reads {{name}} and {{params.name}}', () => {
    const { text, unresolved } = renderTemplate('Hi {{name}}, {{ params.plan }} plan', {
      name: 'Ada',
      plan: 'pro',
    })
    expect(text).toBe('Hi Ada, pro plan')
    expect(unresolved).toEqual([])
  })

  test('writes numbers, booleans and objects as JSON', () => {
    const parameters = { n: 2, vip: true, order: { id: 'A-1' } }
    expect(renderTemplate('{{n}} {{vip}} {{order}}', parameters).text).toBe('2 true {"id":"A-1"}')
  })

  test('renders a missing value to nothing and reports it, once', () => {
    expect(renderTemplate('Hi {{name}}{{name}}!', {})).toEqual({
      text: 'Hi !',
      unresolved: ['name'],
    })
    expect(renderTemplate('Hi {{name}}!', { name: null }).unresolved).toEqual(['name'])
  })

  test('inserts a value once and never expands it again (B6)', () => {
    const { text } = renderTemplate('Note: {{note}}', { note: '{{secret}}', secret: 'x' })
    expect(text).toBe('Note: {{secret}}')
  })

  test('does not read inherited names', () => {
    expect(renderTemplate('{{constructor}}{{toString}}', {}).text).toBe('')
  })

  test('leaves no placeholder of the template visible', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (parts) => {
        const template = parts.map((part) => `{{${part.replace(/[{}]/g, '')}}}`).join(' ')
        expect(renderTemplate(template, {}).text.trim()).toBe('')
      }),
    )
  })

  test('lists the names a template asks for', () => {
    expect(placeholdersOf('{{a}} {{params.b}} {{a}} {{not a name}}')).toEqual(['a', 'b'])
  })
})
