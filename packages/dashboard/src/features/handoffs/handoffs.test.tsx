import type { Handoff } from '@bookend/contract'
import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { ok, refuse } from '../../testing/fake-api.ts'
import { session, uuid } from '../../testing/fixtures.ts'
import { renderApp } from '../../testing/render-app.tsx'

const handoff: Handoff = {
  id: uuid(80),
  run_id: uuid(81),
  step: 'callback',
  workflow: 'after-support',
  call_id: uuid(20),
  from_number: '+15550100001',
  title: 'Call back Ada?',
  assign: 'team:support-leads',
  form: {
    type: 'object',
    properties: {
      decision: { type: 'string', enum: ['call-back', 'email', 'close'] },
      note: { type: 'string', maxLength: 2_000 },
    },
    required: ['decision'],
  },
  status: 'open',
  claimed_by: null,
  claimed_at: null,
  snoozed_until: null,
  answer: null,
  answered_by: null,
  answered_at: null,
  due_at: new Date(Date.now() + 14_400_000).toISOString(),
  created_at: new Date(Date.now() - 60_000).toISOString(),
}
const address = `/handoffs/${handoff.id}`
const answered: Handoff = {
  ...handoff,
  status: 'answered',
  answer: { decision: 'email' },
  answered_by: 'Ben',
  answered_at: handoff.created_at,
}
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))

describe('the handoffs', () => {
  test('are listed with the time that is left, each a link', async () => {
    renderApp('/handoffs', {
      handlers: { listHandoffs: () => ok({ handoffs: [handoff], next_cursor: null }) },
    })
    const row = await screen.findByRole('link', { name: /Call back Ada\?/ })
    expect(row.textContent).toMatch(/3 h 59 m left.*\+15550100001.*team:support-leads/)
    expect(row.getAttribute('href')).toBe(address)
  })

  test('say so when nothing waits', async () => {
    renderApp('/handoffs', {
      handlers: { listHandoffs: () => ok({ handoffs: [], next_cursor: null }) },
    })
    expect(await screen.findByText('Nothing waits for you')).toBeTruthy()
  })

  test('say so when they cannot be loaded', async () => {
    renderApp('/handoffs', {
      handlers: { listHandoffs: () => refuse('database_away', 'Try again shortly.') },
    })
    expect(await screen.findByText('The handoffs could not be loaded')).toBeTruthy()
  })

  test('that are answered are a link away, in the address', async () => {
    const app = renderApp('/handoffs?status=answered', {
      handlers: { listHandoffs: () => ok({ handoffs: [answered], next_cursor: null }) },
    })
    await screen.findByText('answered by Ben')
    const asked = app.api.asked.find(({ name }) => name === 'listHandoffs')
    expect(asked?.query.get('status')).toBe('answered')
  })
})

describe('a handoff', () => {
  test('is answered by its form', async () => {
    let current = handoff
    const { api } = renderApp(address, {
      handlers: {
        getHandoff: () => ok(current),
        answerHandoff: () => {
          current = answered
          return ok(answered)
        },
      },
    })
    fireEvent.click(await screen.findByRole('radio', { name: 'email' }))
    fireEvent.change(screen.getByLabelText('note (optional)'), { target: { value: 'soon' } })
    press('Answer')
    await screen.findByText(/Answered by Ben/)
    expect(api.asked.find(({ name }) => name === 'answerHandoff')?.body).toEqual({
      answer: { decision: 'email', note: 'soon' },
    })
    expect(screen.queryByRole('radio')).toBeNull()
  })

  test('is not sent while something that is needed is missing', async () => {
    const { api } = renderApp(address, { handlers: { getHandoff: () => ok(handoff) } })
    await screen.findByRole('radio', { name: 'email' })
    press('Answer')
    await screen.findByText('is needed')
    expect(api.asked.some(({ name }) => name === 'answerHandoff')).toBe(false)
  })

  test('that somebody else answered first says by whom, and keeps the draft', async () => {
    let current = handoff
    renderApp(address, {
      handlers: {
        getHandoff: () => ok(current),
        answerHandoff: () => {
          current = answered
          return refuse('state_conflict', 'It was answered by Ben at 12:00')
        },
      },
    })
    fireEvent.click(await screen.findByRole('radio', { name: 'close' }))
    const note = screen.getByLabelText('note (optional)')
    fireEvent.change(note, { target: { value: 'my draft' } })
    press('Answer')
    await screen.findByText('It was answered by Ben at 12:00')
    await screen.findByText(/Answered by Ben,/)
    expect((note as HTMLTextAreaElement).value).toBe('my draft')
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Answer' }).disabled).toBe(true)
  })

  test('is taken, and given to somebody else', async () => {
    const { api } = renderApp(address, {
      handlers: {
        getHandoff: () => ok(handoff),
        claimHandoff: () => ok(handoff),
        reassignHandoff: () => ok(handoff),
      },
    })
    await screen.findByRole('radio', { name: 'email' })
    press('Take')
    fireEvent.change(screen.getByLabelText('Give it to'), { target: { value: 'team:billing' } })
    press('Reassign')
    await waitFor(() =>
      expect(api.asked.find(({ name }) => name === 'reassignHandoff')?.body).toEqual({
        assign: 'team:billing',
      }),
    )
    expect(api.asked.some(({ name }) => name === 'claimHandoff')).toBe(true)
  })

  test('is only shown to a key that may read', async () => {
    renderApp(address, {
      state: { session: { ...session, scopes: ['read'] } },
      handlers: { getHandoff: () => ok(handoff) },
    })
    await screen.findByText('Your key may read, and not answer.')
    expect(screen.queryByRole('button', { name: 'Answer' })).toBeNull()
  })
})
