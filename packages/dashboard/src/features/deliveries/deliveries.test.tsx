import { fireEvent, screen, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { ok, refuse } from '../../testing/fake-api.ts'
import { session, uuid } from '../../testing/fixtures.ts'
import { makeState } from '../../testing/make-state.ts'
import { renderApp } from '../../testing/render-app.tsx'

const table = async () =>
  within(await screen.findByRole('region', { name: 'Deliveries, newest first' }))
const [delivered] = makeState().scenes.flatMap(({ trace }) => trace.deliveries)

describe('the deliveries', () => {
  test('of all endpoints are listed, each with its endpoint and its tries', async () => {
    renderApp('/deliveries')
    const row = (await table()).getByRole('row', { name: /call\.started/ })
    expect(row.textContent).toMatch(/delivered.*https:\/\/ops\.acme\.example.*1 try, last HTTP 204/)
  })

  test('are filtered by what the address says, and the filters can be cleared', async () => {
    const app = renderApp('/deliveries?status=pending')
    expect((await table()).getAllByRole('row')).toHaveLength(2)
    fireEvent.change(screen.getByLabelText('Status'), { target: { value: 'dead' } })
    await screen.findByText('No delivery matches')
    expect(app.address()).toBe('/deliveries?status=dead')
    fireEvent.click(screen.getAllByRole('button', { name: 'Clear filters' })[0] as HTMLElement)
    expect((await table()).getAllByRole('row').length).toBeGreaterThan(2)
  })

  test('that are none say what makes one', async () => {
    renderApp('/deliveries', { state: { scenes: [] } })
    await screen.findByText('Nothing was sent yet')
    expect(screen.getByRole('link', { name: 'Subscribe an endpoint' })).toBeTruthy()
  })

  test('that could not be read say so', async () => {
    renderApp('/deliveries', {
      handlers: { searchDeliveries: () => refuse('internal', 'The database is away.') },
    })
    expect(await screen.findByText('The deliveries could not be loaded')).toBeTruthy()
  })
})

describe('a delivery', () => {
  const address = `/deliveries/${uuid(61)}`

  test('shows where the time of a try went, and the answer as text (E1)', async () => {
    const phases = { queued_ms: 0.2, dns_ms: 3, connect_ms: 12, tls_ms: 20, send_ms: 1 }
    const attempt = {
      ...delivered?.attempt_log[0],
      phases: { ...phases, wait_ms: 48, receive_ms: null },
      response_body: '<img src=x onerror=alert(1)>',
    }
    renderApp(address, {
      handlers: { getDelivery: () => ok({ ...delivered, attempt_log: [attempt] }) },
    })
    const tries = await screen.findByRole('list', { name: 'Tries' })
    expect(tries.textContent).toMatch(/Try 1HTTP 204.*queued <1 ms.*DNS 3 ms.*wait 48 ms/)
    expect(tries.textContent).toContain('<img src=x onerror=alert(1)>')
    expect(tries.querySelector('img')).toBeNull()
  })

  test('is sent again after a question that names the endpoint', async () => {
    const { api } = renderApp(address, { handlers: { resendDelivery: () => ok(delivered, 202) } })
    fireEvent.click(await screen.findByRole('button', { name: 'Resend' }))
    const dialog = within(await screen.findByRole('alertdialog'))
    dialog.getByText(/goes to https:\/\/ops\.acme\.example\/bookend at once/)
    fireEvent.click(dialog.getByRole('button', { name: 'Resend delivery' }))
    await screen.findByRole('button', { name: 'Resend' })
    expect(api.asked.some(({ name }) => name === 'resendDelivery')).toBe(true)
  })

  test('is not sent again by a key that may only read', async () => {
    renderApp(address, { state: { session: { ...session, scopes: ['read'] } } })
    await screen.findByRole('list', { name: 'Tries' })
    expect(screen.queryByRole('button', { name: 'Resend' })).toBeNull()
  })
})
