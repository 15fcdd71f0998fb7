import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { ok, refuse } from '../../testing/fake-api.ts'
import { makeAgent, session, uuid } from '../../testing/fixtures.ts'
import { renderApp } from '../../testing/render-app.tsx'

const address = `/agents/${uuid(10)}`
const field = (name: string) => screen.findByLabelText<HTMLInputElement>(name)
const type = async (name: string, value: string): Promise<void> => {
  fireEvent.change(await field(name), { target: { value } })
}
const press = (name: string): void => {
  fireEvent.click(screen.getByRole('button', { name }))
}
type App = ReturnType<typeof renderApp>
const saves = ({ api }: App) => api.asked.filter(({ name }) => name === 'updateAgent')

describe('an agent', () => {
  test('is saved against the version it was read at, with what changed only', async () => {
    const app = renderApp(address)
    await type('First message', 'Good morning, {{customer_name}}.')
    press('Save agent')
    await screen.findByText('Saved as version 4.')
    expect(saves(app)[0]?.headers.get('if-match')).toBe('"3"')
    expect(saves(app)[0]?.body).toEqual({ first_message: 'Good morning, {{customer_name}}.' })
    await type('Name', 'Night Agent')
    press('Save agent')
    await screen.findByText('Saved as version 5.')
    expect(saves(app)[1]?.headers.get('if-match')).toBe('"4"')
  })

  test('is not sent when nothing changed', async () => {
    const app = renderApp(address)
    await field('Name')
    press('Save agent')
    await screen.findByText('Nothing has changed.')
    expect(saves(app)).toEqual([])
  })

  test('says beside the field what is wrong with it, before the server is asked', async () => {
    const app = renderApp(address)
    await type('Default parameters, as JSON', '{"plan": }')
    await type('Timeout, in seconds', '60')
    await type('Name', ' ')
    press('Save agent')
    await screen.findByText(/Not valid JSON/)
    screen.getByText('Between 0.1 and 30 seconds.')
    expect((await field('Name')).getAttribute('aria-invalid')).toBe('true')
    expect(saves(app)).toEqual([])
  })

  test('shows what the server refused at the field it is about', async () => {
    renderApp(address, {
      handlers: {
        updateAgent: () =>
          refuse('invalid', 'One field is wrong.', [
            { path: 'pre_call_webhook_url', message: 'must be an absolute https URL' },
          ]),
      },
    })
    await type('Workflow', 'ftp://example.com')
    press('Save agent')
    await screen.findByText('must be an absolute https URL')
    expect((await field('Workflow')).getAttribute('aria-invalid')).toBe('true')
    screen.getByText('See the fields below.')
  })

  test('that somebody else changed keeps what was typed until their version is loaded', async () => {
    const app = renderApp(address)
    await type('Name', 'My name')
    app.state.agents[0] = makeAgent({ version: 9, name: 'Their name' })
    press('Save agent')
    await screen.findByText('Somebody else changed this agent.')
    expect((await field('Name')).value).toBe('My name')
    press('Load the stored version')
    await waitFor(async () => expect((await field('Name')).value).toBe('Their name'))
    expect(screen.queryByText('Somebody else changed this agent.')).toBeNull()
    await type('Name', 'Ours')
    press('Save agent')
    await screen.findByText('Saved as version 10.')
  })

  test('shows the warnings of a save', async () => {
    const warnings = [
      {
        code: 'placeholder_without_value',
        name: 'customer_name',
        message: '{{customer_name}} has no default.',
      },
    ]
    renderApp(address, { handlers: { updateAgent: () => ok({ ...makeAgent(), warnings }) } })
    await type('Prompt', 'Hi {{customer_name}}')
    press('Save agent')
    expect(await screen.findByText('{{customer_name}} has no default.')).toBeTruthy()
  })

  test('never shows its token: it is replaced or removed', async () => {
    const app = renderApp(address)
    await screen.findByText('••••3f2a')
    press('Replace token')
    await type('Token', 'new-secret')
    press('Save agent')
    await screen.findByText('••••cret')
    press('Remove token')
    press('Save agent')
    await waitFor(() => expect(saves(app)).toHaveLength(2))
    expect(saves(app).map(({ body }) => body)).toEqual([
      { pre_call_webhook_auth_token: 'new-secret' },
      { pre_call_webhook_auth_token: null },
    ])
  })

  test('warns that a new host clears the token', async () => {
    renderApp(address)
    await type('Workflow', 'https://elsewhere.example/hook')
    expect(await screen.findByText(/saving clears this token/)).toBeTruthy()
  })

  test('lists its placeholders and who provides them', async () => {
    renderApp(address)
    await type('Prompt', 'Hi {{customer_name}}, {{plan}}, {{open_tickets}}, {{weather}}')
    await screen.findByText(/no workflow here and no default/)
    await screen.findByText('workflow support-intake')
    const list = screen.getByRole('region', { name: 'Placeholders' })
    expect(
      within(list)
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent),
    ).toEqual([
      'customer_nameworkflow support-intake',
      'plandefault "unknown"',
      'open_ticketsworkflow support-intake, else default 0',
      'weatherno workflow here and no default provides it',
    ])
  })

  test('is deleted after a question, and not while a number uses it', async () => {
    const app = renderApp(address)
    await field('Name')
    app.api.answer('deleteAgent', () => refuse('state_conflict', 'It answers +15550100900.'))
    press('Delete agent')
    const dialog = within(await screen.findByRole('alertdialog', { name: 'Delete Support Agent?' }))
    fireEvent.click(dialog.getByRole('button', { name: 'Delete Support Agent' }))
    await dialog.findByText(/It answers \+15550100900/)
    app.api.answer('deleteAgent', () => new Response(null, { status: 204 }))
    fireEvent.click(dialog.getByRole('button', { name: 'Delete Support Agent' }))
    expect(await screen.findByRole('heading', { name: 'Agents' })).toBeTruthy()
  })

  test('cannot be changed with a key that may only read', async () => {
    renderApp(address, { state: { session: { ...session, scopes: ['read'] } } })
    expect((await field('Name')).closest('fieldset')?.disabled).toBe(true)
    screen.getByText('Your key may read agents but not change them.')
  })
})

describe('a new agent', () => {
  test('is created with its fields and opened', async () => {
    const app = renderApp('/agents/new')
    fireEvent.click(await screen.findByRole('button', { name: 'Create agent' }))
    await screen.findByText('An agent needs a name.')
    await type('Name', 'Reception')
    press('Create agent')
    await screen.findByRole('heading', { name: 'Reception' })
    expect(app.api.asked.find(({ name }) => name === 'createAgent')?.body).toMatchObject({
      name: 'Reception',
      pre_call_webhook_enabled: false,
      pre_call_webhook_timeout: 5,
    })
  })
})
