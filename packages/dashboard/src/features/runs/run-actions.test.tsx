import type { Run } from '@bookend/contract'
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { ok, refuse } from '../../testing/fake-api.ts'
import { session } from '../../testing/fixtures.ts'
import { renderApp } from '../../testing/render-app.tsx'
import { failed } from '../../testing/scenes.ts'

const address = `/calls/${failed.call.uuid}`
const [journey] = failed.trace.journeys as [Run]

const showing = (given: Partial<Run>) => ({
  getCallTrace: () => ok({ ...failed.trace, journeys: [{ ...journey, ...given }] }),
})
const press = async (name: string) => fireEvent.click(await screen.findByRole('button', { name }))
const confirm = async (name: string) =>
  fireEvent.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name }))

describe('the run of a journey', () => {
  test('that failed goes on when it is retried', async () => {
    const { api } = renderApp(address, { handlers: { retryRun: () => ok(journey) } })
    await press('Retry')
    await waitFor(() =>
      expect(api.asked.find(({ name }) => name === 'retryRun')?.params).toEqual({ id: journey.id }),
    )
  })

  test('says why it cannot go on', async () => {
    const detail = 'The run is completed; only a failed one can go on'
    renderApp(address, { handlers: { retryRun: () => refuse('state_conflict', detail) } })
    await press('Retry')
    expect(await screen.findByText(detail)).toBeTruthy()
  })

  test('under way is cancelled once that is confirmed', async () => {
    const { api } = renderApp(address, {
      handlers: { ...showing({ status: 'waiting', error: null }), cancelRun: () => ok(journey) },
    })
    await press('Cancel run')
    expect(api.asked.some(({ name }) => name === 'cancelRun')).toBe(false)
    await screen.findByText(/Nothing more of it is sent/)
    await confirm('Cancel run')
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull())
    expect(api.asked.some(({ name }) => name === 'cancelRun')).toBe(true)
  })

  test('is replayed from a step, which says that messages are sent anew', async () => {
    const steps = ['one', 'two'].map((name) => ({ ...journey.steps[0], name })) as Run['steps']
    const { api } = renderApp(address, {
      handlers: { ...showing({ status: 'completed', steps }), replayRun: () => ok(journey, 201) },
    })
    await press('Replay…')
    await screen.findByText(/messages to people are sent once more/)
    fireEvent.change(screen.getByLabelText('From step'), { target: { value: 'two' } })
    await confirm('Replay')
    await waitFor(() =>
      expect(api.asked.find(({ name }) => name === 'replayRun')?.body).toEqual({
        from_step: 'two',
      }),
    )
  })

  test('with a step that is maybe done asks what is true, and offers no retry', async () => {
    const unsure = {
      ...journey.steps[0],
      name: 'mail',
      status: 'failed',
      error: 'maybe done: reset',
    }
    const { api } = renderApp(address, {
      handlers: {
        ...showing({ status: 'failed', steps: [unsure] as Run['steps'] }),
        resolveStep: () => ok(journey),
      },
    })
    await press('It was done')
    await waitFor(() =>
      expect(api.asked.find(({ name }) => name === 'resolveStep')).toMatchObject({
        params: { id: journey.id, name: 'mail' },
        body: { it: 'was_done' },
      }),
    )
    expect(screen.queryByRole('button', { name: 'Retry' })).toBeNull()
  })

  test('offers nothing to a key that may only read', async () => {
    renderApp(address, { state: { session: { ...session, scopes: ['read'] } } })
    await screen.findByRole('list', { name: 'Journeys' })
    expect(screen.queryByRole('button', { name: 'Retry' })).toBeNull()
  })
})
