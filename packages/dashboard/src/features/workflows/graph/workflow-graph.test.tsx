import type { Workflow, WorkflowStep } from '@bookend/contract'
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeAll, describe, expect, test } from 'vitest'
import { ok } from '../../../testing/fake-api.ts'
import { at, makeRun, makeStep } from '../../../testing/fixtures.ts'
import { renderApp } from '../../../testing/render-app.tsx'
import { partial } from '../../../testing/scenes.ts'
import { loadEditor } from '../testing/load-editor.ts'

const step = (name: string, needs: string[]): WorkflowStep => ({
  name,
  kind: 'use',
  use: 'crm.contact.find',
  effect: 'read',
  needs,
  if: null,
  limit_ms: 2_000,
  after_answer: false,
  in_answer: true,
  line: 3,
})

const intake: Workflow = {
  name: 'intake',
  kind: 'pre-call',
  form: 'yaml',
  origin: 'published',
  version: '51c07e2a99d10000',
  budget_ms: null,
  worst_case_ms: null,
  on: null,
  parameters: [],
  connections: {},
  updated_at: at(0),
  source: 'steps:\n  contact:\n    use: crm.contact.find\n  vip:\n    value: 1\n',
  steps: [step('contact', []), step('vip', ['contact'])],
}

beforeAll(loadEditor, 60_000)

const graph = async () => within(await screen.findByRole('region', { name: 'Graph of intake' }))

describe('the graph of a workflow', () => {
  test('in YAML leads from a step to its lines', async () => {
    const app = renderApp('/workflows/intake', {
      state: { workflows: [intake] },
      handlers: { listRuns: () => ok({ runs: [], next_cursor: null }) },
    })
    const steps = (await graph()).getAllByRole('button', { name: /contact|vip/ })
    expect(steps.map(({ textContent }) => textContent)).toEqual([
      expect.stringMatching(/^contactcrm\.contact\.find · 2\ss$/),
      expect.stringMatching(/^vipcrm\.contact\.find · 2\ss$/),
    ])
    fireEvent.click((await graph()).getByRole('button', { name: /^vip/ }))
    await waitFor(() => expect(app.address()).toBe('/workflows/intake/edit?step=vip'))
    await screen.findByRole('textbox', { name: 'Text of intake' })
  })

  test('in TypeScript is that of its newest run, with what each step did', async () => {
    const run = makeRun({
      workflow: 'intake',
      steps: [makeStep({ name: 'contact', status: 'cut', output: { tier: 'gold' } })],
    })
    renderApp('/workflows/intake', {
      state: { workflows: [{ ...intake, form: 'typescript' }] },
      handlers: {
        listRuns: () => ok({ runs: [run], next_cursor: null }),
        getRun: () => ok(run),
      },
    })
    const contact = (await graph()).getByRole('button', { name: /contact cut at limit/ })
    fireEvent.click(contact)
    const panel = within(await screen.findByRole('region', { name: 'Step contact' }))
    expect(panel.getByText(/gold/)).toBeTruthy()
  })

  test('in TypeScript says why there is none before the first run', async () => {
    renderApp('/workflows/intake', {
      state: { workflows: [{ ...intake, form: 'typescript' }] },
      handlers: { listRuns: () => ok({ runs: [], next_cursor: null }) },
    })
    expect(await screen.findByText(/are known once it has run/)).toBeTruthy()
  })

  test('is drawn for a journey that ran, and a step of it opens what it did', async () => {
    renderApp(`/calls/${partial.call.uuid}`)
    const [journey] = within(await screen.findByRole('list', { name: 'Journeys' })).getAllByRole(
      'button',
      { name: 'Graph' },
    )
    fireEvent.click(journey ?? document.body)
    const drawn = within(await screen.findByRole('region', { name: 'Graph of after-support' }))
    fireEvent.click(await drawn.findByRole('button', { name: /^thank you/ }))
    const steps = within(screen.getByRole('list', { name: 'Steps of after-support' }))
    const details = steps.getByText('thank you').closest('details')
    await waitFor(() => expect(details?.open).toBe(true))
  })
})
