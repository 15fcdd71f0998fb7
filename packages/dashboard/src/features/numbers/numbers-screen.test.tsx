import { fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { ok, refuse } from '../../testing/fake-api.ts'
import { uuid } from '../../testing/fixtures.ts'
import { renderApp } from '../../testing/render-app.tsx'

test('a number is given another agent', async () => {
  const { api } = renderApp('/numbers', {
    handlers: { assignAgent: () => ok({ message: 'assigned' }) },
  })
  const agent = await screen.findByLabelText('Agent of +15550100901')
  await waitFor(() => expect(agent.textContent).toContain('Sales'))
  fireEvent.change(agent, { target: { value: uuid(11) } })
  await waitFor(() =>
    expect(api.asked.find(({ name }) => name === 'assignAgent')).toMatchObject({
      params: { id: uuid(71) },
      body: { agent_uuid: uuid(11) },
    }),
  )
})

test('a number that is refused says why beside its field', async () => {
  renderApp('/numbers', {
    handlers: {
      createNumber: () =>
        refuse('invalid', 'One field is wrong.', [
          { path: 'number', message: 'must be in E.164 form' },
        ]),
    },
  })
  const field = await screen.findByLabelText('Number, in E.164 form')
  fireEvent.change(field, { target: { value: '555' } })
  fireEvent.click(screen.getByRole('button', { name: 'Add number' }))
  await screen.findByText('must be in E.164 form')
  expect(field.getAttribute('aria-invalid')).toBe('true')
})
