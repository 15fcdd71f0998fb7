import type { Person, Settings } from '@bookend/contract'
import { fireEvent, screen, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { ok, refuse } from '../../testing/fake-api.ts'
import { at, session, uuid } from '../../testing/fixtures.ts'
import { renderApp } from '../../testing/render-app.tsx'

const key = {
  id: 'abcdefghijkl',
  label: 'phone system',
  scopes: ['calls'],
  created_at: at(0),
  last_used_at: null,
}
const ben: Person = {
  id: uuid(80),
  name: 'Ben',
  email: 'ben@clinic.example',
  role: 'support',
  team: 'billing',
  created_at: at(0),
  last_seen_at: null,
}
const settings: Settings = {
  retention: { calls_days: null, transcripts_days: 30, runs_days: null, deliveries_days: null },
  server_days: 90,
  mask_for: 'viewers',
}

describe('API keys', () => {
  test('are made with scopes, shown once, and revoked after a question', async () => {
    const { api, address } = renderApp('/settings', {
      handlers: {
        listKeys: () => ok({ keys: [key] }),
        createKey: () => ok({ ...key, id: 'b'.repeat(12), key: 'bk_secret' }, 201),
        deleteKey: () => new Response(null, { status: 204 }),
      },
    })
    fireEvent.change(await screen.findByLabelText('Label'), { target: { value: 'crm' } })
    expect(address()).toBe('/settings/keys')
    fireEvent.click(screen.getByLabelText('read'))
    fireEvent.click(screen.getByRole('button', { name: 'Make key' }))
    expect(await screen.findByText('bk_secret')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'I have kept it' }))
    await expect.poll(() => screen.queryByText('bk_secret')).toBeNull()
    fireEvent.click(screen.getByRole('button', { name: 'Revoke phone system' }))
    fireEvent.click(await screen.findByRole('button', { name: 'Revoke key' }))
    await expect.poll(() => api.asked.map(({ name }) => name)).toContain('deleteKey')
    const made = api.asked.find(({ name }) => name === 'createKey')
    expect(made?.body).toEqual({ label: 'crm', scopes: ['calls', 'read'] })
  })

  test('are an admin’s', async () => {
    renderApp('/settings/keys', { state: { session: { ...session, scopes: ['write'] } } })
    expect(await screen.findByText('Only an admin sees this')).toBeTruthy()
  })
})

describe('people', () => {
  test('are added with a role, and their role is changed in place', async () => {
    const { api } = renderApp('/settings/people', {
      handlers: {
        listPeople: () => ok({ people: [ben] }),
        createPerson: () => ok({ ...ben, name: 'Ada', key: 'bk_ada' }, 201),
        updatePerson: () => refuse('state_conflict', 'Ask another admin'),
      },
    })
    fireEvent.change(await screen.findByLabelText('Name'), { target: { value: 'Ada' } })
    fireEvent.change(screen.getByLabelText('Mail'), { target: { value: 'ada@clinic.example' } })
    fireEvent.click(screen.getByRole('button', { name: 'Add person' }))
    expect(await screen.findByText('bk_ada')).toBeTruthy()
    fireEvent.change(screen.getByLabelText('Role of Ben'), { target: { value: 'viewer' } })
    expect(await screen.findByText('Ask another admin')).toBeTruthy()
    const bodies = api.asked.filter(({ body }) => body !== undefined).map(({ body }) => body)
    expect(bodies).toEqual([
      { name: 'Ada', email: 'ada@clinic.example', role: 'viewer', team: null },
      { role: 'viewer' },
    ])
  })
})

describe('retention', () => {
  test('tells what would go, and is saved as it is typed', async () => {
    const { api } = renderApp('/settings/retention', {
      handlers: {
        getSettings: () => ok(settings),
        previewRetention: () => ok({ calls: 10_000, transcripts: 1, runs: 0, deliveries: 2 }),
        updateSettings: () => ok(settings),
      },
    })
    const transcripts = await screen.findByLabelText<HTMLInputElement>('Transcripts')
    expect(transcripts.value).toBe('30')
    fireEvent.change(transcripts, { target: { value: '7 days' } })
    expect(screen.getByText(/Whole days/)).toBeTruthy()
    fireEvent.change(transcripts, { target: { value: '7' } })
    fireEvent.click(screen.getByRole('button', { name: 'Preview' }))
    await screen.findByText(/10 000 or more calls, 1 transcript, 0 runs and 2 deliveries/)
    fireEvent.click(screen.getByRole('button', { name: 'Save retention' }))
    await screen.findByText('Saved.')
    const saved = api.asked.find(({ name }) => name === 'updateSettings')
    expect(saved?.body).toMatchObject({ retention: { calls_days: null, transcripts_days: 7 } })
  })
})

test('masking is chosen for the workspace', async () => {
  const { api } = renderApp('/settings/privacy', {
    handlers: {
      getSettings: () => ok(settings),
      updateSettings: () => ok({ ...settings, mask_for: 'everyone' }),
    },
  })
  fireEvent.click(await screen.findByLabelText(/Masked for everyone/))
  await expect
    .poll(() => api.asked.find(({ name }) => name === 'updateSettings')?.body)
    .toEqual({ mask_for: 'everyone' })
})

describe('the audit log', () => {
  const entry = {
    id: uuid(95),
    created_at: at(0),
    actor: { kind: 'session', key_id: 'abcdefghijkl', label: 'Ben' },
    action: 'updateAgent',
    target: uuid(10),
    fields: ['prompt'],
    ip: '127.0.0.1',
    request_id: null,
  }

  test('lists who did what, filters by a link, and checks its seals', async () => {
    const { api, address } = renderApp('/settings/audit', {
      handlers: {
        listAudit: () => ok({ audit: [entry], next_cursor: null }),
        checkAudit: () => ok({ sealed: 41, seal: 'feedfacecafe0123', broken_at: 12 }),
      },
    })
    const row = await screen.findByRole('row', { name: /Ben/ })
    fireEvent.click(within(row).getByRole('link', { name: 'update agent' }))
    await expect.poll(address).toContain('action=updateAgent')
    await expect
      .poll(() => api.asked.findLast(({ name }) => name === 'listAudit')?.query.get('action'))
      .toBe('updateAgent')
    fireEvent.click(screen.getByRole('button', { name: 'Check the seals' }))
    expect((await screen.findByRole('alert')).textContent).toContain('changed at entry 12')
  })
})
