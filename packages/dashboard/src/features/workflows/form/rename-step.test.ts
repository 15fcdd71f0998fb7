import { describe, expect, test } from 'vitest'
import { renameStep } from './rename-step.ts'

const TEXT = `steps:
  log-call: { use: crm.call.log } # first
  contact:
    needs: [log-call]
    use: crm.contact.find
    with: { a: "\${{ steps['log-call'].id }}", b: "\${{ steps.contacts.id }}" }
  contacts:
    if: steps.contact.tier == "gold" && steps["contact"].status == "ok"
    needs: contact
    value: \${{ my.steps.contact }}
`

const rename = (from: string, to: string) => renameStep(TEXT, 'steps', from, to)

describe('a step that gets another name', () => {
  test('has it in every expression and under needs as well', () => {
    expect(rename('contact', 'caller')).toEqual({
      text: TEXT.replace('  contact:', '  caller:')
        .replace('if: steps.contact.tier', 'if: steps.caller.tier')
        .replace('steps["contact"]', 'steps.caller')
        .replace('needs: contact', 'needs: caller'),
    })
  })

  test('may have had one that stands in brackets', () => {
    const renamed = rename('log-call', 'log')
    expect(renamed).toHaveProperty('text', expect.stringContaining('steps.log.id'))
    expect(renamed).toHaveProperty('text', expect.stringMatching(/needs: \[ ?log ?\]/))
  })

  test.each([
    ['2nd', /begin with a letter/i],
    ['contacts', /already/],
    // Quotes in quotes: nobody but the author can say how.
    ['a-b', /in the text/],
  ])('cannot be called %s', (to, why) => {
    expect(rename(to === 'a-b' ? 'contacts' : 'contact', to)).toEqual({
      wrong: expect.stringMatching(why),
    })
  })
})
