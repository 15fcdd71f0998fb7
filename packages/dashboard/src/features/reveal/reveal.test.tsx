import { fireEvent, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { ok, refuse } from '../../testing/fake-api.ts'
import { session } from '../../testing/fixtures.ts'
import { renderApp } from '../../testing/render-app.tsx'
import { partial } from '../../testing/scenes.ts'

const { call } = partial
const handle = `call/${call.uuid}/transcripts`
const words = call.transcripts[0]?.text ?? ''
const masked = {
  ...call,
  from_number: '+1 ••• ••• ••01',
  transcripts: call.transcripts.map((entry) => ({ ...entry, text: '•••, 24 characters' })),
  masked: [`call/${call.uuid}/from_number`, handle],
}

test('what is masked is revealed on request, and hidden again', async () => {
  const { api } = renderApp(`/calls/${call.uuid}`, {
    state: { session: { ...session, masked: true } },
    handlers: {
      getCall: () => ok(masked),
      reveal: () => ok({ handle, value: call.transcripts }),
    },
  })
  await screen.findByRole('button', { name: 'Reveal the number' })
  expect(document.body.textContent).not.toContain(words)
  fireEvent.click(screen.getByRole('button', { name: 'Reveal the transcript' }))
  expect(await screen.findByText(words)).toBeTruthy()
  expect(screen.getByText(/revealed, hides in 0[45]:/)).toBeTruthy()
  expect(api.asked.find(({ name }) => name === 'reveal')?.body).toEqual({ handle })
  fireEvent.click(screen.getByRole('button', { name: 'Hide the transcript' }))
  await expect.poll(() => document.body.textContent).not.toContain(words)
})

test('a refusal is said beside it, and a viewer is not offered it', async () => {
  renderApp(`/calls/${call.uuid}`, {
    handlers: {
      getCall: () => ok(masked),
      reveal: () => refuse('forbidden', 'Not in your handoffs.'),
    },
  })
  fireEvent.click(await screen.findByRole('button', { name: 'Reveal the transcript' }))
  expect(await screen.findByText('Not in your handoffs.')).toBeTruthy()
})

test('a viewer sees that it is masked', async () => {
  renderApp(`/calls/${call.uuid}`, {
    state: { session: { ...session, scopes: ['read'], masked: true } },
    handlers: { getCall: () => ok(masked) },
  })
  expect((await screen.findAllByText('masked')).length).toBeGreaterThan(0)
  expect(screen.queryByRole('button', { name: /Reveal/ })).toBeNull()
})
