import { fireEvent, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { ok } from '../../testing/fake-api.ts'
import { at, session } from '../../testing/fixtures.ts'
import { renderApp } from '../../testing/render-app.tsx'

const held = {
  kind: 'workflow' as const,
  name: 'after-support',
  reason: 'The mail server moves',
  by: 'Ana',
  at: at(-60_000),
}

test('a journey is paused after its effect was said, and the reason goes along', async () => {
  const app = renderApp('/workflows/after-support', {
    handlers: {
      pauseWorkflow: () => {
        app.state.pauses.push(held)
        return ok(held)
      },
    },
  })
  fireEvent.click(await screen.findByRole('button', { name: 'Pause' }))
  const dialog = within(await screen.findByRole('alertdialog'))
  dialog.getByText(/nothing is lost/)
  fireEvent.change(dialog.getByLabelText('Reason'), { target: { value: held.reason } })
  fireEvent.click(dialog.getByRole('button', { name: 'Pause after-support' }))
  await screen.findByText('Paused by Ana')
  expect(app.api.asked.find(({ name }) => name === 'pauseWorkflow')?.body).toEqual({
    reason: held.reason,
  })
})

test('one that is paused says why, and goes on when it is told to', async () => {
  const app = renderApp('/workflows/after-support', {
    state: { pauses: [held] },
    handlers: {
      resumeWorkflow: () => {
        app.state.pauses.length = 0
        return new Response(null, { status: 204 })
      },
    },
  })
  await screen.findByText(/The mail server moves/)
  fireEvent.click(screen.getByRole('button', { name: 'Resume after-support' }))
  await screen.findByRole('button', { name: 'Pause' })
  expect(screen.queryByText('Paused by Ana')).toBeNull()
})

test('a pre-call workflow cannot wait', async () => {
  renderApp('/workflows/support-intake')
  await screen.findByRole('region', { name: 'Newest runs' })
  expect(screen.queryByRole('button', { name: 'Pause' })).toBeNull()
})

test('a reader sees the pause and cannot end it', async () => {
  renderApp('/workflows/after-support', {
    state: { pauses: [held], session: { ...session, scopes: ['read'] } },
  })
  await screen.findByText('Paused by Ana')
  expect(screen.queryByRole('button', { name: /Resume/ })).toBeNull()
})
