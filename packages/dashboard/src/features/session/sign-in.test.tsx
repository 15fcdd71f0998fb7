import { fireEvent, screen } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { refuse } from '../../testing/fake-api.ts'
import { renderApp } from '../../testing/render-app.tsx'

const signIn = async (key: string): Promise<void> => {
  fireEvent.change(await screen.findByLabelText('API key'), { target: { value: key } })
  fireEvent.click(screen.getByRole('button', { name: 'Sign in' }))
}

describe('signing in', () => {
  test('opens the workspace, and the screen that was asked for', async () => {
    const { address } = renderApp('/agents', { state: { session: null } })
    await signIn('bk_good')
    await screen.findByRole('heading', { name: 'Agents' })
    expect(screen.getAllByText('Acme Clinic')).toHaveLength(1)
    expect(address()).toBe('/agents')
  })

  test('says that a key is not known, and keeps it in the field', async () => {
    renderApp('/calls', { state: { session: null } })
    await signIn('wrong')
    expect((await screen.findByRole('alert')).textContent).toContain('not known')
    expect(screen.getByLabelText<HTMLInputElement>('API key').value).toBe('wrong')
  })

  test('says that the server is away', async () => {
    renderApp('/calls', {
      state: { session: null },
      handlers: { createSession: () => Promise.reject(new TypeError('Failed to fetch')) },
    })
    await signIn('bk_good')
    expect(await screen.findByText(/cannot be reached/)).toBeTruthy()
  })

  test('asks for a key before it asks the server', async () => {
    const { api } = renderApp('/calls', { state: { session: null } })
    await signIn('  ')
    await screen.findByText('Paste an API key first.')
    expect(api.asked.map(({ name }) => name)).not.toContain('createSession')
  })
})

describe('a session', () => {
  test('that ended elsewhere leads back to the sign-in', async () => {
    renderApp('/calls', {
      handlers: { listCalls: () => refuse('unauthenticated', 'The session has ended.') },
    })
    expect(await screen.findByLabelText('API key')).toBeTruthy()
  })

  test('ends on request', async () => {
    const { api } = renderApp('/calls')
    const [signOut] = await screen.findAllByRole('button', { name: 'Sign out' })
    fireEvent.click(signOut!)
    await screen.findByLabelText('API key')
    expect(api.asked.map(({ name }) => name)).toContain('deleteSession')
  })

  test('that cannot be read shows why, and tries again', async () => {
    const { api } = renderApp('/calls', {
      handlers: { getSession: () => refuse('database_away', 'PostgreSQL does not answer.') },
    })
    await screen.findByText('Your session could not be loaded')
    api.answer('getSession', () => refuse('unauthenticated', 'Sign in.'))
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    expect(await screen.findByLabelText('API key')).toBeTruthy()
  })
})
