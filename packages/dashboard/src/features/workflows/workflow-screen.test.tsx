import { fireEvent, screen, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { ok, refuse } from '../../testing/fake-api.ts'
import { at, session } from '../../testing/fixtures.ts'
import { renderApp } from '../../testing/render-app.tsx'

const part = (name: string) => screen.findByRole('region', { name })

describe('a workflow', () => {
  test('lists its newest runs, each with its call', async () => {
    renderApp('/workflows/after-support')
    const runs = within(await part('Newest runs'))
    expect(runs.getByRole('row', { name: /waiting/ })).toBeTruthy()
    const failed = runs.getByRole('row', { name: /failed .*2 h 10 m .*HTTP 401/ })
    fireEvent.click(within(failed).getByRole('link', { name: 'Open call' }))
    expect(await screen.findByRole('heading', { name: /\+447700900146/ })).toBeTruthy()
  })

  test('is simulated on a made-up call, and drawn against its deadline', async () => {
    const { api } = renderApp('/workflows/support-intake')
    fireEvent.change(await screen.findByLabelText('From'), { target: { value: '+15550100002' } })
    fireEvent.click(screen.getByRole('button', { name: 'Simulate support-intake' }))
    const chart = within(await part('Simulated, nothing was sent'))
    fireEvent.click(chart.getByRole('button', { name: /tickets/ }))
    expect(await part('Step tickets')).toBeTruthy()
    expect(api.asked.find(({ name }) => name === 'simulateWorkflow')?.body).toEqual({
      from_number: '+15550100002',
      to_number: '+15550100900',
    })
  })

  test('says why it could not be simulated', async () => {
    renderApp('/workflows/support-intake', {
      handlers: { simulateWorkflow: () => refuse('overloaded', 'Bookend is at its limit.') },
    })
    fireEvent.click(await screen.findByRole('button', { name: 'Simulate support-intake' }))
    expect((await screen.findByRole('alert')).textContent).toContain('Bookend is at its limit.')
  })

  test('is not simulated with a key that may only read', async () => {
    renderApp('/workflows/support-intake', {
      state: { session: { ...session, scopes: ['read'] } },
    })
    await part('Newest runs')
    expect(screen.queryByRole('button', { name: /Simulate/ })).toBeNull()
  })

  test('shows its versions, and the text of one that its address names', async () => {
    const version = {
      version: '51c07e2a99d10000',
      kind: 'journey',
      form: 'yaml',
      active: true,
      created_at: at(0),
      published_at: at(0),
      published_by: 'Ana',
    }
    const app = renderApp('/workflows/after-support', {
      handlers: {
        listWorkflowVersions: () => ok({ versions: [version] }),
        getWorkflowVersion: () => ok({ ...version, source: 'on: call.completed' }),
      },
    })
    const versions = within(await part('Versions'))
    expect(versions.getByRole('row', { name: /51c07e2a in use published by Ana/ })).toBeTruthy()
    fireEvent.click(versions.getByRole('link', { name: 'Show' }))
    await screen.findByText('on: call.completed')
    expect(app.address()).toBe('/workflows/after-support?version=51c07e2a99d10000')
  })

  test('that is not there says so', async () => {
    renderApp('/workflows/nothing')
    expect(await screen.findByText('The workflow could not be loaded')).toBeTruthy()
  })
})
