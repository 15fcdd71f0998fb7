import type { RouteName } from '@bookend/contract'
import { screen } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { refuse } from '../testing/fake-api.ts'
import { renderApp } from '../testing/render-app.tsx'

interface Screen {
  path: string
  route: RouteName
  what: string
  table: string
  row: RegExp
  empty: string
}

const SCREENS: Screen[] = [
  {
    path: '/agents',
    route: 'listAgents',
    what: 'the agents',
    table: 'Agents',
    row: /Support Agent workflow:support-intake 5 s v3/,
    empty: 'No agents yet',
  },
  {
    path: '/workflows',
    route: 'listWorkflows',
    what: 'the workflows',
    table: 'Workflows',
    row: /support-intake.*within 4\.5.s.*customer_name, vip.*hubspot\/main/,
    empty: 'No workflows yet',
  },
  {
    path: '/numbers',
    route: 'listNumbers',
    what: 'the numbers',
    table: 'Numbers',
    row: /\+15550100900 Main line/,
    empty: 'No numbers yet',
  },
  {
    path: '/webhooks',
    route: 'listWebhooks',
    what: 'the webhooks',
    table: 'Webhooks',
    row: /old\.acme\.example.*off.*Every delivery of the last 5 days failed.*all events/,
    empty: 'No endpoint is subscribed',
  },
]

const NOTHING = { agents: [], workflows: [], numbers: [], webhooks: [] }

describe.each(SCREENS)('the screen $path', ({ path, route, what, table, row, empty }) => {
  test('is named by its heading, which takes the focus', async () => {
    renderApp(path)
    const heading = await screen.findByRole('heading', { level: 1, name: table })
    await expect.poll(() => document.activeElement).toBe(heading)
  })

  test('shows its rows', async () => {
    renderApp(path)
    await screen.findByRole('region', { name: table })
    expect(screen.getByRole('row', { name: row })).toBeTruthy()
  })

  test('says while it loads that it does', async () => {
    renderApp(path, { handlers: { [route]: () => new Promise<Response>(() => undefined) } })
    expect(await screen.findByText(`Loading ${what}`)).toBeTruthy()
  })

  test('says when it is empty what would be here', async () => {
    renderApp(path, { state: NOTHING })
    expect(await screen.findByText(empty)).toBeTruthy()
  })

  test('says why it could not be loaded', async () => {
    renderApp(path, { handlers: { [route]: () => refuse('forbidden', 'The key may not read.') } })
    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toMatch(/could not be loaded.*The key may not read.*forbidden/)
  })
})

test('an address that is not there leads back', async () => {
  renderApp('/nowhere')
  await screen.findByText('Nothing is at this address')
  expect(screen.getByRole('link', { name: 'Go home' })).toBeTruthy()
})
