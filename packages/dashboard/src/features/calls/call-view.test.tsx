import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { ok, refuse } from '../../testing/fake-api.ts'
import { renderApp } from '../../testing/render-app.tsx'
import { failed, fallback, partial, rejected, talking } from '../../testing/scenes.ts'

const open = (scene: typeof partial) => renderApp(`/calls/${scene.call.uuid}`)
const part = (name: string) => screen.findByRole('region', { name })

describe('one call', () => {
  test('says who called whom, keeps numbers out of the tab, and how long they talked', async () => {
    open(partial)
    await screen.findByRole('heading', { name: '+15550100001 → Support Agent' })
    expect(document.title).toBe('Call 00000020 · Bookend')
    screen.getByText('04:12')
  })

  test('says what the agent knew and where each parameter came from', async () => {
    open(partial)
    const knew = await part('What the agent knew')
    await within(knew).findByRole('row', { name: /plan "unknown" default of the agent/ })
    within(knew).getByRole('row', { name: /vip true workflow support-intake/ })
    within(knew).getByRole('row', { name: /account .* step account \(postgres\/crm, 12 ms\)/ })
    expect(within(knew).getByText(/You help Ada Lovelace/)).toBeTruthy()
  })

  test('shows the transcript in order, tools included', async () => {
    open(partial)
    const list = await screen.findByRole('list', { name: 'Transcript' })
    const said = within(list).getAllByRole('listitem')
    expect(said[1]?.textContent).toContain('My router is dead again')
    expect(said[2]?.textContent).toContain('find_outages')
  })

  test('shows journeys with their steps, attempts and what they wait for', async () => {
    open(partial)
    const steps = await screen.findByRole('list', { name: 'Steps of after-support' })
    expect(steps.textContent).toMatch(/log call×2.*HTTP 503[^]*a day later.*waiting.*until/)
  })

  test('opens a failed step of a failed journey', async () => {
    open(failed)
    const steps = await screen.findByRole('list', { name: 'Steps of after-support' })
    expect(steps.querySelector('details')?.open).toBe(true)
    within(steps).getByText(/the token was revoked/)
  })

  test('shows deliveries with their attempts and the next try', async () => {
    open(partial)
    const deliveries = await screen.findByRole('list', { name: 'Deliveries' })
    expect(deliveries.textContent).toMatch(/waiting.*call\.completed.*2 tries.*next try.*try 1/)
  })

  test('says what the workflow decided when the call did not simply go on', async () => {
    open(fallback)
    expect(
      await screen.findByText(
        /transferred this call to \+15550100777, saying “One moment, please.”/,
      ),
    ).toBeTruthy()
  })

  test('says why there is nothing where there is nothing', async () => {
    open(rejected)
    await screen.findByText(/No pre-call request was made/)
    screen.getByText('The agent was told no parameters.')
    screen.getByText('No transcript was received for this call.')
    expect(screen.getByText('No journey listens to the events of this call.')).toBeTruthy()
  })

  test('that is not there says so', async () => {
    renderApp('/calls/018f4c1e-0000-7000-8000-000000009999')
    await screen.findByText('The call could not be loaded')
    expect(screen.getByText(/There is no such call/)).toBeTruthy()
  })

  test('still shows when only its trace cannot be loaded', async () => {
    renderApp(`/calls/${talking.call.uuid}`, {
      handlers: { getCallTrace: () => refuse('internal', 'Something broke.') },
    })
    await screen.findByText('What happened around the call could not be loaded')
    expect(screen.getByText('Hi Grace! How can I help?')).toBeTruthy()
  })

  test('grows while people talk, and leaves other calls alone', async () => {
    const { api, source } = open(talking)
    await screen.findByText('Hi Grace! How can I help?')
    source().open()
    const [first] = talking.call.transcripts
    const transcripts = [first, { ...first, sequence: 2, role: 'user', text: 'I lost my key.' }]
    api.answer('getCall', () => ok({ ...talking.call, transcripts }))
    const asked = api.asked.length
    source().say(1, { topic: 'calls', id: partial.call.uuid, call_id: null, at: '' })
    source().say(2, { topic: 'runs', id: 'run', call_id: talking.call.uuid, at: '' })
    await screen.findByText('I lost my key.')
    const renewed = api.asked.slice(asked).filter(({ name }) => name.startsWith('getCall'))
    const id = talking.call.uuid
    expect(renewed.map(({ name, params }) => `${name} ${params['id']}`).toSorted()).toEqual([
      `getCall ${id}`,
      `getCallTrace ${id}`,
    ])
  })

  test('loads everything again when continuity was lost', async () => {
    const { api, source } = open(talking)
    await screen.findByText('Hi Grace! How can I help?')
    source().open()
    const asked = api.asked.length
    source().reset()
    await waitFor(() => expect(api.asked.length).toBeGreaterThanOrEqual(asked + 2))
  })
})
