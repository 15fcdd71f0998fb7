import { fireEvent, screen, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { ok, refuse } from '../../testing/fake-api.ts'
import { session, uuid } from '../../testing/fixtures.ts'
import { makeState } from '../../testing/make-state.ts'
import { renderApp } from '../../testing/render-app.tsx'

const address = `/webhooks/${uuid(50)}`
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

describe('a webhook', () => {
  test('lists its newest deliveries, each a link', async () => {
    const app = renderApp(address)
    const list = within(await screen.findByRole('region', { name: 'Deliveries, newest first' }))
    expect(list.getByRole('row', { name: /waiting call\.completed .*2 tries, last/ })).toBeTruthy()
    fireEvent.click(list.getByRole('link', { name: 'call.started' }))
    await screen.findByRole('list', { name: 'Tries' })
    expect(app.address()).toBe(`/deliveries/${uuid(61)}`)
  })

  test('says how it fares, and what will become of it', async () => {
    const [webhook] = makeState().webhooks
    renderApp(address, {
      handlers: {
        getWebhook: () =>
          ok({ ...webhook, warning: 'It is turned off in 4 days unless a delivery succeeds.' }),
      },
    })
    const health = await screen.findByRole('region', { name: 'Health' })
    expect(health.textContent).toMatch(/turned off in 4 days.*Waiting.*half within 31 ms/)
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
    await screen.findByRole('region', { name: 'Deliveries, newest first' })
    expect(screen.queryByRole('button', { name: 'Show secret' })).toBeNull()
    expect(screen.queryByRole('button', { name: 'End subscription' })).toBeNull()
  })

  test('is turned off and on', async () => {
    const app = renderApp(address)
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

describe('the secret', () => {
  test('is made anew after a question that says how long the one before is good for', async () => {
    renderApp(address, {
      handlers: {
        rotateWebhookSecret: () =>
          ok({ secret: 'whsec_new', previous_valid_until: '2026-03-04T12:00:00.000Z' }),
      },
    })
    fireEvent.click(await screen.findByRole('button', { name: 'Rotate secret' }))
    const dialog = within(await screen.findByRole('alertdialog'))
    dialog.getByText(/signed with both secrets for a day/)
    fireEvent.click(dialog.getByRole('button', { name: 'Rotate secret' }))
    await screen.findByText('whsec_new')
    expect(screen.getByText(/signs beside it until/)).toBeTruthy()
  })
})

describe('a test', () => {
  test('shows what the endpoint answered, as text', async () => {
    const answered = makeState().scenes.flatMap(({ trace }) => trace.deliveries)[0]
    renderApp(address, {
      handlers: {
        testWebhook: () => ok({ event_id: 'evt_t', delivery_id: uuid(61) }, 202),
        getDelivery: () =>
          ok({
            ...answered,
            attempt_log: [{ ...answered?.attempt_log[0], response_body: '<b>thanks</b>' }],
          }),
      },
    })
    fireEvent.click(await screen.findByRole('button', { name: 'Send test' }))
    const shown = within(await screen.findByRole('region', { name: 'Test' }))
    await shown.findByText('<b>thanks</b>')
    expect(shown.getByText('HTTP 204')).toBeTruthy()
  })
})

describe('a time sent again', () => {
  test('is counted first, and what is sent is what was counted', async () => {
    const { api } = renderApp(address, {
      handlers: { replayWebhook: () => ok({ count: 37, next_since: null }, 202) },
    })
    fireEvent.change(await screen.findByLabelText('Events from'), {
      target: { value: '2026-03-02T08:00' },
    })
    fireEvent.click(screen.getByRole('button', { name: 'Count events' }))
    fireEvent.click(await screen.findByRole('button', { name: 'Resend 37 events' }))
    await screen.findByText('37 events are sent again.')
    const bodies = api.asked.filter(({ name }) => name === 'replayWebhook').map(({ body }) => body)
    expect(bodies).toMatchObject([
      { missed_only: true, dry_run: true },
      { missed_only: true, dry_run: false },
    ])
    expect(bodies[1]).toEqual({ ...(bodies[0] as object), dry_run: false })
  })

  test('that holds nothing offers nothing to send', async () => {
    renderApp(address, {
      handlers: { replayWebhook: () => ok({ count: 0, next_since: null }, 202) },
    })
    fireEvent.click(await screen.findByRole('button', { name: 'Count events' }))
    await screen.findByText('No event of that time is left.')
    expect(screen.queryByRole('button', { name: /^Resend/ })).toBeNull()
  })
})

describe('what was given up', () => {
  test('is sent again after a question with the number', async () => {
    const [webhook] = makeState().webhooks
    const health = { ...webhook?.health, dead: 3 }
    const { api } = renderApp(address, {
      handlers: {
        getWebhook: () => ok({ ...webhook, health }),
        resendDead: () => ok({ count: 3, remaining: 0 }, 202),
      },
    })
    fireEvent.click(await screen.findByRole('button', { name: 'Resend what was given up' }))
    const dialog = within(await screen.findByRole('alertdialog'))
    fireEvent.click(dialog.getByRole('button', { name: 'Resend 3 deliveries' }))
    await screen.findByText('3 are sent again.')
    expect(api.asked.some(({ name }) => name === 'resendDead')).toBe(true)
  })
})

describe('editing', () => {
  test('begins with what is stored, and refuses a rate that is none', async () => {
    const { api } = renderApp(address)
    fireEvent.click(await screen.findByRole('button', { name: 'Edit' }))
    const rate = screen.getByLabelText('Most deliveries a second')
    fireEvent.change(rate, { target: { value: 'many' } })
    fireEvent.click(screen.getByRole('button', { name: 'Save webhook' }))
    await screen.findByText('must be a number from 0.1 to 1000, or empty')
    fireEvent.change(rate, { target: { value: '2,5' } })
    fireEvent.click(screen.getByRole('button', { name: 'Save webhook' }))
    await screen.findByText(/at most 2.5 a second/)
    expect(api.asked.find(({ name }) => name === 'updateWebhook')?.body).toEqual({
      url: 'https://ops.acme.example/bookend',
      description: 'Operations board',
      event_types: ['call.started', 'call.completed'],
      payload: 'thin',
      rate_per_second: 2.5,
    })
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
      description: '',
      event_types: ['call.completed'],
      payload: 'thin',
      rate_per_second: null,
    })
  })
})
