import type { Connection, Connector } from '@bookend/contract'
import { fireEvent, screen, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { ok, refuse } from '../../testing/fake-api.ts'
import { session } from '../../testing/fixtures.ts'
import { renderApp } from '../../testing/render-app.tsx'

const AT = '2026-01-01T00:00:00.000Z'
const http: Connector = {
  id: 'http',
  label: 'HTTP',
  settings: {
    type: 'object',
    properties: { base_url: { type: 'string' }, key_header: { type: 'string', default: 'Key' } },
    required: ['base_url'],
  },
  auth: {
    oneOf: [
      { type: 'object', properties: { kind: { const: 'none' } } },
      {
        type: 'object',
        required: ['kind', 'token'],
        properties: { kind: { const: 'bearer' }, token: { type: 'string', writeOnly: true } },
      },
    ],
  },
  can_check: true,
  actions: [],
}
const desk: Connection = {
  name: 'http/desk',
  connector: 'http',
  origin: 'stored',
  version: 1,
  settings: { base_url: 'https://desk.example.com' },
  auth: { kind: 'bearer', fields: { token: '••••3f2a' } },
  status: 'ok',
  status_code: null,
  status_since: null,
  health: {
    last_used_at: AT,
    last_success_at: AT,
    last_failure: { at: AT, code: 'http_503' },
    calls_last_hour: 12,
    failures_last_hour: 3,
    circuit: 'closed',
    limits: [{ bucket: 'search', limit: 100, remaining: 9, reset_at: null, blocked_until: null }],
  },
  used_by: [{ workflow: 'intake', kind: 'pre-call', as: 'desk' }],
  created_at: AT,
  updated_at: AT,
}
const refused: Connection = {
  ...desk,
  name: 'http/zoo',
  status: 'needs_attention',
  status_code: 'http_401',
  status_since: AT,
}
const lists = {
  listConnectors: () => ok({ connectors: [http] }),
  listConnections: () => ok({ connections: [desk, refused] }),
  getConnection: () => ok(desk),
}
const type = (label: string | RegExp, value: string): void =>
  void fireEvent.change(screen.getByLabelText(label), { target: { value } })

describe('the connections', () => {
  test('begin with the one that fails, and say why', async () => {
    renderApp('/connections', { handlers: lists })
    const table = await screen.findByRole('region', { name: 'Connections' })
    const [, first, second] = within(table).getAllByRole('row')
    expect(first?.textContent).toMatch(/http\/zoo.*refused.*refuses the credential \(http_401\)/)
    expect(second?.textContent).toMatch(/http\/desk.*HTTP.*ok.*3 of 12 failed.*intake/)
  })

  test('that are none name the systems there are, with the form open', async () => {
    renderApp('/connections', {
      handlers: { ...lists, listConnections: () => ok({ connections: [] }) },
    })
    await screen.findByText('No system is connected')
    expect(screen.getByText(/write to them after it: HTTP\./)).toBeTruthy()
    expect(await screen.findByLabelText('System')).toBeTruthy()
  })

  test('are made by the form of their connector, and opened', async () => {
    const { api, address } = renderApp('/connections', {
      handlers: { ...lists, createConnection: () => ok({ ...desk, name: 'http/help' }) },
    })
    fireEvent.click(await screen.findByText('Connect a system'))
    type('Name', 'help')
    type('Base URL', 'https://help.example.com')
    expect(screen.getByLabelText('Token').getAttribute('type')).toBe('password')
    type('Token', 'secret-token\n')
    fireEvent.click(screen.getByRole('button', { name: 'Connect HTTP' }))
    await expect.poll(address).toBe('/connections/http/help')
    expect(api.asked.find(({ name }) => name === 'createConnection')?.body).toEqual({
      name: 'http/help',
      settings: { base_url: 'https://help.example.com' },
      auth: { kind: 'bearer', token: 'secret-token' },
    })
  })

  test('that are refused say so at the field', async () => {
    const errors = [{ path: 'settings.base_url', message: 'must be a URL' }]
    renderApp('/connections', {
      handlers: { ...lists, createConnection: () => refuse('invalid', 'no', errors) },
    })
    fireEvent.click(await screen.findByText('Connect a system'))
    fireEvent.click(screen.getByRole('button', { name: 'Connect HTTP' }))
    expect(screen.getAllByText('is needed')).toHaveLength(2)
    type('Base URL', 'desk')
    type('Token', 'secret-token')
    fireEvent.click(screen.getByRole('button', { name: 'Connect HTTP' }))
    await screen.findByText('must be a URL')
  })

  test('are not made by a key that is not an admin', async () => {
    renderApp('/connections', {
      state: { session: { ...session, scopes: ['write'] } },
      handlers: lists,
    })
    await screen.findByRole('region', { name: 'Connections' })
    expect(screen.queryByText('Connect a system')).toBeNull()
  })
})

describe('a connection', () => {
  const address = '/connections/http/desk'

  test('shows its health, its limits, and who uses it', async () => {
    renderApp(address, { handlers: lists })
    const health = await screen.findByRole('region', { name: 'Health' })
    expect(health.textContent).toMatch(
      /http_503.*3 of 12 calls failed.*closed.*search9 of 100 left/,
    )
    const users = screen.getByRole('region', { name: 'Used by' })
    within(users).getByRole('link', { name: 'intake' })
    expect(screen.getByText('••••3f2a')).toBeTruthy()
  })

  test('is checked, with what could be better', async () => {
    const checked = { ok: true, code: 'ok', detail: 'The credential opens Ada', account: 'Ada' }
    renderApp(address, {
      handlers: {
        ...lists,
        checkConnection: () =>
          ok({ ...checked, warnings: ['Give it the scope "calls"'], took_ms: 12 }),
      },
    })
    fireEvent.click(await screen.findByRole('button', { name: 'Check connection' }))
    expect(await screen.findByText(/The credential opens Ada/)).toBeTruthy()
    expect(screen.getByText('Give it the scope "calls"')).toBeTruthy()
  })

  test('keeps its credential unless another is entered', async () => {
    const { api } = renderApp(address, {
      handlers: { ...lists, updateConnection: () => ok({ ...desk, version: 2 }) },
    })
    fireEvent.click(await screen.findByText('Change settings or credential'))
    type('Key header', 'X-Key')
    fireEvent.click(screen.getByRole('button', { name: 'Save changes' }))
    const sent = () => api.asked.filter(({ name }) => name === 'updateConnection').at(-1)?.body
    await expect.poll(sent).toEqual({
      settings: { base_url: 'https://desk.example.com', key_header: 'X-Key' },
    })
    fireEvent.click(await screen.findByRole('button', { name: 'Replace credential' }))
    type('Token', 'another-token')
    fireEvent.click(screen.getByRole('button', { name: 'Save changes' }))
    await expect.poll(sent).toMatchObject({ auth: { kind: 'bearer', token: 'another-token' } })
  })

  test('that workflows use is not deleted, and says who they are', async () => {
    renderApp(address, {
      handlers: {
        ...lists,
        deleteConnection: () => refuse('state_conflict', 'http/desk is used by intake'),
      },
    })
    fireEvent.click(await screen.findByRole('button', { name: 'Delete connection' }))
    const dialog = within(await screen.findByRole('alertdialog'))
    fireEvent.click(dialog.getByRole('button', { name: 'Delete connection' }))
    expect(await dialog.findByText(/http\/desk is used by intake/)).toBeTruthy()
  })

  test('of bookend.config.ts is neither changed nor deleted here', async () => {
    renderApp(address, {
      handlers: { ...lists, getConnection: () => ok({ ...desk, origin: 'file', version: null }) },
    })
    await screen.findByText('From bookend.config.ts, and changed there.')
    expect(screen.queryByText('Change settings or credential')).toBeNull()
    expect(screen.queryByRole('button', { name: 'Delete connection' })).toBeNull()
  })
})
