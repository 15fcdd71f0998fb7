import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { ok, refuse } from '../../testing/fake-api.ts'
import { makeCall, makeRow, uuid } from '../../testing/fixtures.ts'
import { renderApp } from '../../testing/render-app.tsx'
import { scenes } from '../../testing/scenes.ts'

const rowOf = (text: string): HTMLElement => screen.getByRole('row', { name: new RegExp(text) })

describe('the list of calls', () => {
  test('shows of each call how it was answered and how its journeys went', async () => {
    renderApp('/calls')
    await screen.findByRole('link', { name: '+15550100001' })
    expect(rowOf('\\+15550100001').textContent).toMatch(
      /completed.*Support Agent.*with 1 default.*2\.01 s.*04:12.*1 of 2.*1 waiting/,
    )
    expect(rowOf('447700900146').textContent).toMatch(/5\.73 s, past its budget.*1 failed/)
    expect(rowOf('anonymous').textContent).toContain('fallback sent')
    expect(rowOf('15550100017').textContent).toContain('no pre-call request')
  })

  test('says while it loads that it does', async () => {
    renderApp('/calls', { handlers: { listCalls: () => new Promise<Response>(() => undefined) } })
    expect(await screen.findByText('Loading the calls')).toBeTruthy()
  })

  test('without a call tells how to make a first one', async () => {
    renderApp('/calls', { state: { scenes: [] } })
    await screen.findByText('No calls yet')
    expect(screen.getByText('npx bookend call --from +15550100001')).toBeTruthy()
  })

  test('that cannot be loaded says why, with code and request, and tries again', async () => {
    const { api } = renderApp('/calls', {
      handlers: { listCalls: () => refuse('database_away', 'PostgreSQL does not answer.') },
    })
    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toMatch(/PostgreSQL does not answer.*database_away.*req_71c2/)
    api.answer('listCalls', () => ok({ calls: scenes.map(({ row }) => row), next_cursor: null }))
    fireEvent.click(within(alert).getByRole('button', { name: 'Try again' }))
    await screen.findByRole('link', { name: '+15550100001' })
  })

  test('keeps its filters in the address and asks the server for them', async () => {
    const { api, address } = renderApp('/calls')
    fireEvent.change(await screen.findByLabelText('Status'), { target: { value: 'completed' } })
    await waitFor(() => expect(screen.queryByText('anonymous')).toBeNull())
    fireEvent.change(screen.getByLabelText('From number, exact'), {
      target: { value: '+15550109999' },
    })
    fireEvent.click(screen.getByRole('button', { name: 'Find' }))
    await screen.findByText('Looked for status “completed” and from exactly +15550109999.')
    expect(address()).toContain('status=completed')
    expect(api.asked.at(-1)?.query.get('from_number')).toBe('+15550109999')
    fireEvent.click(screen.getAllByRole('button', { name: 'Clear filters' })[0]!)
    await screen.findByText('anonymous')
    expect(address()).toBe('/calls')
  })

  test('loads older calls by the cursor of the page before', async () => {
    const older = makeRow(makeCall({ uuid: uuid(99), from_number: '+15550100099' }))
    renderApp('/calls', {
      handlers: {
        listCalls: ({ query }) =>
          query.get('cursor') === 'next'
            ? ok({ calls: [older], next_cursor: null })
            : ok({ calls: scenes.map(({ row }) => row), next_cursor: 'next' }),
      },
    })
    fireEvent.click(await screen.findByRole('button', { name: 'Load older' }))
    await screen.findByRole('link', { name: '+15550100099' })
    expect(screen.getByText('These are all 6 calls.')).toBeTruthy()
  })
})

describe('the live list', () => {
  const newer = makeRow(makeCall({ uuid: uuid(98), from_number: '+15550100098' }))

  test('lets new calls wait behind a button, and changes shown ones in place', async () => {
    const { api, source } = renderApp('/calls')
    await screen.findByRole('link', { name: '+15550100001' })
    source().open()
    const rows = scenes.map(({ row }) =>
      row.status === 'in_progress' ? { ...row, status: 'completed' as const } : row,
    )
    api.answer('listCalls', () => ok({ calls: [newer, ...rows], next_cursor: null }))
    source().say(1, { topic: 'calls', id: newer.uuid, call_id: null, at: '' })
    fireEvent.click(await screen.findByRole('button', { name: '1 new' }))
    const [, first] = screen.getAllByRole('row')
    expect(first?.textContent).toContain('+15550100098')
    expect(rowOf('sip:desk-4').textContent).toContain('completed')
  })

  test('keeps what it shows when it cannot be renewed', async () => {
    const { api, source } = renderApp('/calls')
    await screen.findByRole('link', { name: '+15550100001' })
    source().open()
    api.answer('listCalls', () => refuse('overloaded', 'Bookend is at its limit.'))
    source().say(1, { topic: 'calls', id: uuid(20), call_id: null, at: '' })
    await screen.findByText(/Not updated since/)
    expect(screen.getByRole('link', { name: '+15550100001' })).toBeTruthy()
  })

  test('is paused and followed again from the pill', async () => {
    const { source } = renderApp('/calls')
    const pill = await screen.findByRole('button', { name: 'connecting' })
    source().open()
    await screen.findByRole('button', { name: 'live' })
    fireEvent.click(pill)
    await screen.findByRole('button', { name: 'paused', pressed: true })
    expect(source().readyState).toBe(2)
    fireEvent.click(pill)
    source().open()
    await screen.findByRole('button', { name: 'live' })
  })
})
