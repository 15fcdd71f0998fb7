import { fireEvent, screen } from '@testing-library/react'
import { beforeEach, describe, expect, test } from 'vitest'
import { renderApp } from '../testing/render-app.tsx'

const press = (key: string): void => {
  fireEvent.keyDown(document.activeElement ?? document.body, { key })
}

beforeEach(() => localStorage.clear())

describe('the keys', () => {
  test('go to a screen by g and its letter', async () => {
    renderApp('/calls')
    await screen.findByRole('heading', { name: 'Calls' })
    press('g')
    press('a')
    expect(await screen.findByRole('heading', { name: 'Agents' })).toBeTruthy()
  })

  test('move through the rows, and stop at the ends', async () => {
    renderApp('/calls')
    const first = await screen.findByRole('link', { name: 'sip:desk-4@acme.example' })
    press('j')
    expect(document.activeElement).toBe(first)
    press('j')
    expect(document.activeElement?.textContent).toBe('+15550100001')
    press('ArrowUp')
    press('k')
    expect(document.activeElement).toBe(first)
  })

  test('lead to the search from anywhere', async () => {
    renderApp('/agents')
    await screen.findByRole('heading', { name: 'Agents' })
    press('/')
    await expect
      .poll(() => document.activeElement)
      .toBe(await screen.findByLabelText('From number, exact'))
  })

  test('do nothing while somebody types', async () => {
    const { address } = renderApp('/calls')
    const search = await screen.findByLabelText('From number, exact')
    search.focus()
    press('g')
    press('a')
    press('?')
    expect([address(), screen.queryByRole('dialog')]).toEqual(['/calls', null])
  })

  test('are listed by ?, and letters can be switched off there', async () => {
    const { address } = renderApp('/calls')
    await screen.findByRole('heading', { name: 'Calls' })
    press('?')
    await screen.findByRole('dialog', { name: 'Keys' })
    fireEvent.click(screen.getByLabelText('Single letters do these things'))
    fireEvent.click(screen.getByRole('button', { name: 'Close' }))
    await expect.poll(() => screen.queryByRole('dialog')).toBeNull()
    press('g')
    press('a')
    expect(address()).toBe('/calls')
  })
})
