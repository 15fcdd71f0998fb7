import { fireEvent, screen, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { ok, refuse } from '../../testing/fake-api.ts'
import { session, uuid } from '../../testing/fixtures.ts'
import { makeState } from '../../testing/make-state.ts'
import { renderApp } from '../../testing/render-app.tsx'

const address = `/webhooks/${uuid(50)}`
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

describe('a webhook', () => {
  test('shows its deliveries with every attempt', async () => {
    renderApp(address)
    const list = await screen.findByRole('list', { name: 'Deliveries' })
    expect(list.textContent).toMatch(/delivered.*HTTP 204.*pending.*HTTP 500.*No answer within/)
  })

  test('shows its secret when asked, and hides it again', async () => {
    renderApp(address)
    fireEvent.click(await screen.findByRole('button', { name: 'Show secret' }))
    await screen.findByText(SECRET)
    fireEvent.click(screen.getByRole('button', { name: 'Hide secret' }))
    await screen.findByRole('button', { name: 'Show secret' })
    expect(screen.queryByText(SECRET)).toBeNull()
  })

  test('offers no secret to a key that is not an admin, and no changes to a reader', async () => {
    renderApp(address, { state: { session: { ...session, scopes: ['read'] } } })
    await screen.findByRole('list', { name: 'Deliveries' })
    expect(screen.queryByRole('button', { name: 'Show secret' })).toBeNull()
    expect(screen.queryByRole('button', { name: 'End subscription' })).toBeNull()
  })

  test('is turned off and on', async () => {
    const [webhook] = makeState().webhooks
    const app = renderApp(address, {
      handlers: { updateWebhook: ({ body }) => ok({ ...webhook, ...(body as object) }) },
    })
    fireEvent.click(await screen.findByRole('button', { name: 'Turn off endpoint' }))
    await screen.findByRole('button', { name: 'Turn on endpoint' })
    expect(app.api.asked.find(({ name }) => name === 'updateWebhook')?.body).toEqual({
      enabled: false,
    })
  })

  test('ends after a question', async () => {
    renderApp(address, {
      handlers: { deleteWebhook: () => new Response(null, { status: 204 }) },
    })
    fireEvent.click(await screen.findByRole('button', { name: 'End subscription' }))
    const dialog = within(await screen.findByRole('alertdialog'))
    dialog.getByText(/Nothing more is sent to https:\/\/ops\.acme\.example/)
    fireEvent.click(dialog.getByRole('button', { name: 'End subscription' }))
    expect(await screen.findByRole('heading', { name: 'Webhooks' })).toBeTruthy()
  })
})

describe('subscribing', () => {
  test('asks for the ticked events, and says at the URL why it was refused', async () => {
    const { api } = renderApp('/webhooks', {
      handlers: {
        createWebhook: () =>
          refuse('invalid', 'One field is wrong.', [{ path: 'url', message: 'must be https' }]),
      },
    })
    fireEvent.change(await screen.findByLabelText('URL'), { target: { value: 'http://a.example' } })
    fireEvent.click(screen.getByLabelText('call.completed'))
    fireEvent.click(screen.getByRole('button', { name: 'Subscribe endpoint', hidden: true }))
    await screen.findByText('must be https')
    expect(api.asked.find(({ name }) => name === 'createWebhook')?.body).toEqual({
      url: 'http://a.example',
      event_types: ['call.completed'],
      payload: 'thin',
    })
  })
})
