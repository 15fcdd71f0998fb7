import type { Platform } from '@bookend/contract'
import { fireEvent, screen, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { ok, refuse } from '../../testing/fake-api.ts'
import { session } from '../../testing/fixtures.ts'
import { renderApp } from '../../testing/render-app.tsx'
import type { Adapter } from './queries.ts'

const AT = '2026-01-01T00:00:00.000Z'
const LATER = '2026-01-01T01:00:00.000Z'
const AGENT = '00000000-0000-7000-8000-000000000001'
const secret = { type: 'string', writeOnly: true }
const retell: Adapter = {
  platform: 'retell',
  label: 'Retell',
  options: {
    type: 'object',
    properties: {
      budget_ms: { type: 'integer', default: 4_000 },
      api_key: secret,
      auth: {
        oneOf: [
          {
            type: 'object',
            properties: { kind: { const: 'signature' }, secret },
            required: ['kind', 'secret'],
          },
          {
            type: 'object',
            properties: {
              kind: { const: 'basic' },
              username: { type: 'string' },
              password: secret,
            },
            required: ['kind', 'username', 'password'],
          },
        ],
      },
    },
    required: ['api_key', 'auth'],
  },
}
const door = (name: string): Platform['events'] => ({
  url: `https://bookend.example/platforms/retell/main/${name}`,
  last_accepted_at: AT,
  last_refused_at: null,
  last_refused_why: null,
})
const main: Platform = {
  platform: 'retell',
  name: 'main',
  version: 1,
  options: { api_key: '••••3f2a', auth: { kind: 'signature', secret: '••••' } },
  agents: {},
  default_agent_id: AGENT,
  analysis_wait_minutes: null,
  budget_ms: 4_000,
  unusable: null,
  pre_call: door('pre-call'),
  events: door('events'),
  created_at: AT,
  updated_at: AT,
}
const forged = { last_refused_at: LATER, last_refused_why: 'the signature is not of this secret' }
const zoo: Platform = { ...main, name: 'zoo', events: { ...door('events'), ...forged } }
const setUp = {
  steps: [
    {
      title: 'Number: ask Bookend before the call',
      detail: 'Inbound webhook URL',
      settings: { inbound_webhook_url: door('pre-call').url },
      requests: [],
    },
  ],
  targets: ['numbers'],
}
const handlers = {
  listPlatformAdapters: () => ok({ adapters: [retell] }),
  listPlatforms: () => ok({ platforms: [main, zoo] }),
  getPlatform: () => ok(main),
  getPlatformSetUp: () => ok(setUp),
}
const type = (label: string | RegExp, value: string): void =>
  void fireEvent.change(screen.getByLabelText(label), { target: { value } })
const press = (name: string): void => void fireEvent.click(screen.getByRole('button', { name }))

describe('the platforms', () => {
  test('begin with the one that refuses what comes, and say why', async () => {
    renderApp('/platforms', { handlers })
    const table = await screen.findByRole('region', { name: 'Platforms' })
    const [, first, second] = within(table).getAllByRole('row')
    expect(first?.textContent).toMatch(/retell\/zoo.*refuses what comes.*not of this secret/)
    expect(second?.textContent).toMatch(/retell\/main.*ok.*4000 ms/)
  })

  test('that are none name those there are, with the form open', async () => {
    renderApp('/platforms', {
      handlers: { ...handlers, listPlatforms: () => ok({ platforms: [] }) },
    })
    await screen.findByText('No voice platform is connected')
    expect(await screen.findByText(/how the call went: Retell\./)).toBeTruthy()
    expect(await screen.findByLabelText('Platform')).toBeTruthy()
  })

  test('that cannot be had say so, and are asked for again', async () => {
    let isAway = true
    const listPlatforms = () => (isAway ? refuse('internal', 'No.') : ok({ platforms: [main] }))
    renderApp('/platforms', { handlers: { ...handlers, listPlatforms } })
    const again = await screen.findByRole('button', { name: /again/i })
    isAway = false
    fireEvent.click(again)
    expect(await screen.findByRole('link', { name: 'retell/main' })).toBeTruthy()
  })

  test('are connected by the form of their options, and opened', async () => {
    const { api, address } = renderApp('/platforms', {
      handlers: { ...handlers, createPlatform: () => ok({ ...main, name: 'sales' }, 201) },
    })
    fireEvent.click(await screen.findByText('Connect a platform'))
    type('Name', 'sales')
    expect(screen.getByLabelText('API key').getAttribute('type')).toBe('password')
    type('API key', 'key-1\n')
    type('Kind', 'basic')
    press('Connect Retell')
    expect(screen.getAllByText('is needed')).toHaveLength(2)
    type('Username', 'ada')
    type('Password', 'secret')
    press('Add an agent')
    type('Its agent 1', 'agent_7f')
    const [agent] = await screen.findAllByRole<HTMLOptionElement>('option', {
      name: 'Support Agent',
    })
    type('Agent 1 here', agent?.value ?? '')
    press('Connect Retell')
    await expect.poll(address).toBe('/platforms/retell/sales')
    expect(api.asked.find(({ name }) => name === 'createPlatform')?.body).toEqual({
      platform: 'retell',
      name: 'sales',
      options: { api_key: 'key-1', auth: { kind: 'basic', username: 'ada', password: 'secret' } },
      agents: { agent_7f: agent?.value },
      default_agent_id: null,
      analysis_wait_minutes: null,
    })
  })

  test('that are refused say so at the option, within its group too', async () => {
    const errors = [
      { path: 'options.auth.secret', message: 'is too short' },
      { path: 'options.budget_ms', message: 'is too much' },
    ]
    renderApp('/platforms', {
      handlers: { ...handlers, createPlatform: () => refuse('invalid', 'Two faults', errors) },
    })
    fireEvent.click(await screen.findByText('Connect a platform'))
    type('API key', 'key-1')
    type('Secret', 's')
    press('Connect Retell')
    await screen.findByText('is too short')
    expect(screen.getByText('is too much')).toBeTruthy()
  })

  test('are not connected by a key that is not an admin', async () => {
    renderApp('/platforms', { state: { session: { ...session, scopes: ['read'] } }, handlers })
    await screen.findByRole('region', { name: 'Platforms' })
    expect(screen.queryByText('Connect a platform')).toBeNull()
  })
})

describe('a platform', () => {
  const address = '/platforms/retell/main'

  test('shows its two addresses, what came, and what is to be set up, to copy', async () => {
    renderApp(address, { handlers: { ...handlers, getPlatform: () => ok(zoo) } })
    const came = await screen.findByRole('region', { name: 'What came' })
    expect(came.textContent).toMatch(
      /main\/pre-call.*Last taken.*main\/events.*Last refused.*secret/,
    )
    within(came).getByRole('button', { name: /Copy the address of events/ })
    const side = await screen.findByRole('region', { name: 'Set up on the platform’s side' })
    expect(side.textContent).toMatch(/Number: ask Bookend.*inbound_webhook_url.*pre-call/)
    within(side).getByRole('button', { name: /Copy inbound_webhook_url/ })
  })

  test('is checked: each finding with its level', async () => {
    const findings = [
      { code: 'address', level: 'ok', detail: 'Platforms call https://bookend.example' },
      { code: 'key_refused', level: 'fault', detail: 'Its API refuses the key' },
    ]
    renderApp(address, {
      handlers: { ...handlers, checkPlatform: () => ok({ ok: false, findings }) },
    })
    fireEvent.click(await screen.findByRole('button', { name: 'Check platform' }))
    const fault = await screen.findByText('Its API refuses the key')
    expect(fault.closest('p')?.className).toContain('failed')
  })

  test('is set up from here where its API can, and says what became of it', async () => {
    const request = {
      method: 'PATCH',
      url: 'https://api.example/n/+1555',
      status: 401,
      error: 'no',
    }
    const steps = [{ ...setUp.steps[0], requests: [request] }]
    const { api } = renderApp(address, {
      handlers: { ...handlers, setUpPlatform: () => ok({ ...setUp, steps }) },
    })
    fireEvent.change(await screen.findByLabelText('Ids of its numbers'), {
      target: { value: '+1555, +1666' },
    })
    press('Set it up from here')
    expect((await screen.findByText(/PATCH/)).closest('p')?.textContent).toMatch(/n\/\+1555 no$/)
    expect(api.asked.find(({ name }) => name === 'setUpPlatform')?.body).toEqual({
      agent_ids: [],
      number_ids: ['+1555', '+1666'],
    })
  })

  test('is changed without its secrets, which stay unless they are entered', async () => {
    const { api } = renderApp(address, {
      handlers: { ...handlers, updatePlatform: () => ok({ ...main, version: 2 }) },
    })
    fireEvent.click(await screen.findByText('Change agents or options'))
    expect(screen.queryByDisplayValue(/••••/)).toBeNull()
    type('Budget (ms)', '2000')
    press('Save changes')
    const bodies = () => api.asked.filter(({ name }) => name === 'updatePlatform')
    await expect.poll(() => bodies().length).toBe(1)
    expect(bodies()[0]?.body).toMatchObject({ options: { budget_ms: 2_000 } })
    expect(JSON.stringify(bodies()[0]?.body)).not.toContain('•')
  })

  test('that cannot be used says so, and its form is open', async () => {
    const unusable = { ...main, unusable: 'options_unreadable', budget_ms: null }
    renderApp(address, { handlers: { ...handlers, getPlatform: () => ok(unusable) } })
    await screen.findByText(/stored under another secret key/)
    expect(screen.queryByText('Set up on the platform’s side')).toBeNull()
    expect(await screen.findByRole('button', { name: 'Save changes' })).toBeTruthy()
  })

  test('is disconnected only when that is confirmed', async () => {
    const { api, address: at } = renderApp(address, {
      handlers: { ...handlers, deletePlatform: () => new Response(null, { status: 204 }) },
    })
    fireEvent.click(await screen.findByRole('button', { name: 'Disconnect platform' }))
    const dialog = await screen.findByRole('alertdialog')
    expect(api.asked.some(({ name }) => name === 'deletePlatform')).toBe(false)
    fireEvent.click(within(dialog).getByRole('button', { name: 'Disconnect platform' }))
    await expect.poll(at).toBe('/platforms')
  })
})
