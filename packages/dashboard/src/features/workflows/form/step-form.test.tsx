import { EditorView } from '@codemirror/view'
import type { Connector, Workflow } from '@bookend/contract'
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeAll, describe, expect, test } from 'vitest'
import { ok } from '../../../testing/fake-api.ts'
import { at, makeRun, makeStep, session } from '../../../testing/fixtures.ts'
import { renderApp } from '../../../testing/render-app.tsx'
import { loadEditor } from '../testing/load-editor.ts'

const SOURCE = `workflow: intake
on: pre-call
connections: { crm: hubspot/main }
steps:
  account: { use: crm.contact.find, with: { limit: 1 } }
  contact:
    use: crm.contact.find   # by phone
    with: { phone: "+1" }
`

const workflow: Workflow = {
  name: 'intake',
  kind: 'pre-call',
  form: 'yaml',
  origin: 'published',
  version: '51c07e2a99d10000',
  budget_ms: null,
  worst_case_ms: null,
  on: null,
  parameters: [],
  connections: { crm: 'hubspot/main' },
  updated_at: at(0),
  source: SOURCE,
}

const action = (name: string, effect: 'read' | 'write', input: Record<string, unknown>) =>
  ({ name, effect, idempotency: null, timeout_ms: 1_000, input, output: {} }) as const

const hubspot: Connector = {
  id: 'hubspot',
  label: 'HubSpot',
  settings: {},
  auth: {},
  can_check: false,
  actions: [
    action('contact.find', 'read', {
      type: 'object',
      required: ['phone'],
      properties: {
        phone: { type: 'string', description: 'As it was dialled.' },
        limit: { type: 'integer' },
        fields: { type: 'array', items: { type: 'string' } },
      },
    }),
    action('contact.list', 'read', { type: 'object', properties: {} }),
    action('contact.delete', 'write', { type: 'object', properties: {} }),
  ],
}

const run = makeRun({
  workflow: 'intake',
  kind: 'pre-call',
  call_id: null,
  steps: [makeStep({ name: 'account', output: { plan: 'pro' } })],
})

function open(step: string, scopes: (typeof session)['scopes'] = ['admin']) {
  return renderApp(`/workflows/intake/edit?step=${step}`, {
    state: { workflows: [workflow], session: { ...session, scopes } },
    handlers: {
      listConnectors: () => ok({ connectors: [hubspot] }),
      listRuns: () => ok({ runs: [run], next_cursor: null }),
      getRun: () => ok(run),
    },
  })
}

const form = async (step: string) =>
  within(await screen.findByRole('group', { name: `Step ${step}` }))

async function text(): Promise<string> {
  const editor = await screen.findByRole('textbox', { name: 'Text of intake' })
  return EditorView.findFromDOM(editor)?.state.doc.toString() ?? ''
}

async function fill(step: string, label: string, value: string): Promise<void> {
  const control = await (await form(step)).findByLabelText(label)
  fireEvent.change(control, { target: { value } })
  fireEvent.blur(control)
}

beforeAll(loadEditor, 60_000)

describe('the form of a step', () => {
  test('writes one value of the text, and leaves its comments', async () => {
    open('contact')
    await fill('contact', 'Phone', '${{ call.from_number }}')
    expect(await text()).toBe(SOURCE.replace('"+1"', '"${{ call.from_number }}"'))
    await fill('contact', 'Limit (optional)', '5')
    await fill('contact', 'Fields (optional)', '[a, b]')
    await fill('contact', 'Time-out (optional)', '2s')
    expect(await text()).toContain('limit: 5, fields: [ a, b ] }\n    timeout: 2s')
    await fill('contact', 'Time-out (optional)', '')
    expect(await text()).not.toContain('timeout')
    expect(await text()).toContain('# by phone')
  })

  test('says what cannot be, and writes nothing of it', async () => {
    open('contact')
    await fill('contact', 'Limit (optional)', 'many')
    expect(screen.getByText('Must be a number.')).toBeTruthy()
    await fill('contact', 'Name', 'account')
    expect(screen.getByText('There is a step of this name already.')).toBeTruthy()
    expect(await text()).toBe(SOURCE)
  })

  test('offers the actions of the connections that may be used there', async () => {
    open('contact')
    const select = await (await form('contact')).findByLabelText('Action')
    await within(select).findByRole('option', { name: 'crm.contact.list' })
    expect(within(select).queryByRole('option', { name: 'crm.contact.delete' })).toBeNull()
    fireEvent.change(select, { target: { value: 'crm.contact.list' } })
    expect(await text()).toContain('use: crm.contact.list   # by phone')
  })

  test('picks a value of a past run', async () => {
    open('contact')
    const fields = await form('contact')
    const phone = await fields.findByLabelText('Phone')
    fireEvent.change(phone, { target: { value: '' } })
    fireEvent.click(fields.getByRole('button', { name: 'Pick a value for Phone from a past run' }))
    fireEvent.click(await fields.findByRole('button', { name: /steps\.account\.plan pro/ }))
    expect(await text()).toContain('with: { phone: "${{ steps.account.plan }}" }')
  })

  test('gives the step another name, and follows it', async () => {
    const app = open('contact')
    await fill('contact', 'Name', 'caller')
    expect(await text()).toContain('  caller:\n    use: crm.contact.find   # by phone')
    await waitFor(() => expect(app.address()).toContain('step=caller'))
    await form('caller')
  })

  test('is back as it was after an undo in the text', async () => {
    open('contact')
    await fill('contact', 'Phone', '+2')
    const editor = await screen.findByRole('textbox', { name: 'Text of intake' })
    fireEvent.keyDown(editor, { key: 'z', code: 'KeyZ', keyCode: 90, ctrlKey: true })
    expect(await text()).toBe(SOURCE)
    const phone = await (await form('contact')).findByLabelText('Phone')
    expect((phone as HTMLInputElement).value).toBe('+1')
  })

  test('waits while the text is no YAML', async () => {
    open('contact')
    await form('contact')
    const editor = await screen.findByRole('textbox', { name: 'Text of intake' })
    act(() => EditorView.findFromDOM(editor)?.dispatch({ changes: { from: 0, insert: 'a: [\n' } }))
    expect(await screen.findByText(/cannot be read as YAML at the moment/)).toBeTruthy()
  })

  test('takes nothing from a key that only reads', async () => {
    open('contact', ['read'])
    const phone = await (await form('contact')).findByLabelText('Phone')
    expect(phone.closest('fieldset')?.disabled).toBe(true)
  })
})
