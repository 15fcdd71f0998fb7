import type { InboundAnswer, TalkEvent } from '@bookend/contract'
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { type FakeHandler, ok, refuse } from '../../testing/fake-api.ts'
import { makeAgent, uuid } from '../../testing/fixtures.ts'
import { renderApp } from '../../testing/render-app.tsx'
import { partial } from '../../testing/scenes.ts'

const address = `/agents/${uuid(10)}`

const answering = (more: Partial<InboundAnswer> = {}): FakeHandler => {
  const agent = makeAgent()
  const answer: InboundAnswer = {
    call: { ...partial.call, uuid: uuid(20), agent_speaks_first: true },
    agent: { ...agent, first_message: 'Hi Ada!' },
    parameters: {},
    outcome: { type: 'continue' },
    pre_call: {
      run_id: null,
      status: 'skipped',
      duration_ms: 1,
      budget_ms: 1,
      missing: [],
      failure: null,
    },
    ...more,
  }
  return () => ok(answer, 201)
}

const streaming =
  (...events: readonly TalkEvent[]): FakeHandler =>
  () =>
    new Response(
      events
        .map(({ event, data }) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
        .join(''),
      { headers: { 'content-type': 'text/event-stream' } },
    )
const entry = (sequence: number, role: 'agent' | 'user', text: string): TalkEvent => ({
  event: 'entry',
  data: { sequence, role, text, function_name: null, arguments: null },
})
const done: TalkEvent = { event: 'done', data: {} }

async function card() {
  return within(await screen.findByRole('region', { name: 'Talk to this agent' }))
}
async function callAgent(): Promise<void> {
  fireEvent.click((await card()).getByRole('button', { name: 'Call in writing' }))
}
async function say(text: string): Promise<void> {
  const field = await (await card()).findByLabelText('What the caller says')
  fireEvent.change(field, { target: { value: text } })
  fireEvent.click((await card()).getByRole('button', { name: 'Say' }))
}

describe('talking to an agent', () => {
  test('greets, answers what is said, and hangs up', async () => {
    const app = renderApp(address, {
      handlers: {
        talkToAgent: answering(),
        sayOnCall: streaming(entry(2, 'user', 'Hello'), entry(3, 'agent', 'We are open.'), done),
        completeCall: () => ok({}, 202),
      },
    })
    await callAgent()
    const lines = within(await screen.findByRole('list', { name: 'Conversation' }))
    await lines.findByText('Hi Ada!')
    await say('Hello')
    await lines.findByText('We are open.')
    const asked = app.api.asked.find(({ name }) => name === 'sayOnCall')
    expect([asked?.params, asked?.body]).toEqual([{ id: uuid(20) }, { text: 'Hello' }])
    fireEvent.click(screen.getByRole('button', { name: 'Hang up' }))
    await screen.findByText('You hung up.')
    await waitFor(() => expect(app.api.asked.map(({ name }) => name)).toContain('completeCall'))
  })

  test('ends when the agent does', async () => {
    renderApp(address, {
      handlers: {
        talkToAgent: answering(),
        sayOnCall: streaming(
          { event: 'ended', data: { kind: 'transfer', reason: '', target: 'front desk' } },
          done,
        ),
      },
    })
    await callAgent()
    await say('A person, please')
    await screen.findByText('The agent gave the call to front desk.')
    await screen.findByRole('button', { name: 'Call again' })
    expect(screen.queryByRole('button', { name: 'Say' })).toBeNull()
  })

  test('says that an answer broke off, or that there is no model', async () => {
    const { api } = renderApp(address, {
      handlers: {
        talkToAgent: answering(),
        sayOnCall: streaming({ event: 'token', data: { text: 'We are' } }),
      },
    })
    await callAgent()
    await say('Hello')
    await screen.findByText(/The answer broke off/)
    api.answer('sayOnCall', () => refuse('no_model', 'Set BOOKEND_MODEL_BASE_URL and _NAME'))
    await say('Hello?')
    expect(await screen.findByText('Set BOOKEND_MODEL_BASE_URL and _NAME')).toBeTruthy()
  })

  test('tells of a call that the workflow turns away', async () => {
    renderApp(address, {
      handlers: { talkToAgent: answering({ outcome: { type: 'reject', reason: 'busy' } }) },
    })
    await callAgent()
    expect(await screen.findByText('The workflow has the call not answered.')).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Say' })).toBeNull()
  })

  test('is for keys that may call', async () => {
    const session = {
      workspace: { id: uuid(1), name: 'Acme Clinic' },
      scopes: ['read' as const],
      key_label: 'reader',
      masked: false,
    }
    renderApp(address, { state: { session } })
    await screen.findByText('Your key may read agents but not change them.')
    expect(screen.queryByText('Talk to this agent')).toBeNull()
  })
})
