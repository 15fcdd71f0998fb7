import { fireEvent, screen, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { ok, refuse } from '../../testing/fake-api.ts'
import { at, makeCall, session, uuid } from '../../testing/fixtures.ts'
import { renderApp } from '../../testing/render-app.tsx'

const needs = async () => (await screen.findByRole('list', { name: 'Needs someone' })).textContent

describe('home', () => {
  test('says what needs someone, and leads there', async () => {
    const app = renderApp('/', {
      state: {
        pauses: [
          { kind: 'workflow', name: 'after-support', reason: null, by: 'Ana', at: at(-60_000) },
        ],
      },
    })
    await screen.findByText('after-support is paused')
    expect(await needs()).toMatch(
      /after-support failed at log-call2 runs, HTTP 401.*old\.acme\.example\/hook is off.*by Ana/,
    )
    fireEvent.click(screen.getByRole('link', { name: /failed at log-call/ }))
    expect(app.address()).toBe(`/calls/${uuid(21)}`)
  })

  test('counts the last day, and draws its answer times with a table beside them', async () => {
    renderApp('/')
    const figures = within(await screen.findByRole('region', { name: 'The last 24 hours' }))
    expect(figures.getByText('99.8 %')).toBeTruthy()
    expect(figures.getByText(/half within 412 ms, deadline 5.000 ms/)).toBeTruthy()
    const chart = within(screen.getByRole('region', { name: 'Answer time, hour by hour' }))
    expect(chart.getAllByRole('row', { hidden: true })).toHaveLength(3)
    expect(screen.getByRole('region', { name: 'Defaults by cause' }).textContent).toMatch(
      /tickets.*cut at its limit.*31/,
    )
  })

  test('keeps the rest when one part cannot be read', async () => {
    renderApp('/', { handlers: { getOverview: () => refuse('internal', 'Too busy.') } })
    await screen.findByText('The last day could not be loaded')
    expect(await needs()).toContain('is off')
  })

  test('names what it could not look at, rather than saying that nothing waits', async () => {
    renderApp('/', {
      state: { webhooks: [] },
      handlers: {
        getOverview: () => refuse('internal', 'Too busy.'),
        listHandoffs: () => refuse('internal', 'Too busy.'),
      },
    })
    await screen.findByText('Could not be loaded: handoffs.')
    expect(screen.queryByText('Nothing waits for you.')).toBeNull()
  })
})

describe('the first run', () => {
  test('makes a call with one button, and shows it', async () => {
    const app = renderApp('/', {
      state: { scenes: [] },
      handlers: {
        inboundCall: () => ok({ call: makeCall() }, 201),
        getCall: () => ok(makeCall()),
      },
    })
    fireEvent.click(await screen.findByRole('button', { name: 'Make the call' }))
    await screen.findByRole('heading', { level: 1, name: /\+15550100001/ })
    expect(app.address()).toBe(`/calls/${uuid(20)}`)
    expect(app.api.asked.find(({ name }) => name === 'inboundCall')?.body).toEqual({
      from_number: '+15550100001',
      to_number: '+15550100900',
    })
  })

  test('of an empty workspace leads to the agent first, and offers no call', async () => {
    renderApp('/', { state: { scenes: [], agents: [], numbers: [], workflows: [] } })
    expect(await screen.findByRole('link', { name: 'Create an agent' })).toBeTruthy()
    expect(screen.getByRole('link', { name: 'Add a number' })).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Make the call' })).toBeNull()
  })

  test('offers no call to a key that may only read', async () => {
    renderApp('/', { state: { scenes: [], session: { ...session, scopes: ['read'] } } })
    expect(await screen.findByText(/This key may not make calls/)).toBeTruthy()
  })
})
