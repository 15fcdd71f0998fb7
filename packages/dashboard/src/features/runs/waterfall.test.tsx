import { fireEvent, screen, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { makeCall, makeRow, makeRun, makeTrace } from '../../testing/fixtures.ts'
import { renderApp } from '../../testing/render-app.tsx'
import { failed, fallback, partial } from '../../testing/scenes.ts'

const address = `/calls/${partial.call.uuid}`
const spaced = (text: string | null | undefined) => text?.replaceAll(/[\u202f\u00a0]/g, ' ')
const chart = () => screen.findByRole('table', { name: /Answered in|Fallback sent in/ })
const rows = async () =>
  within(await chart())
    .getAllByRole('row')
    .map((row) => spaced(row.textContent))

describe('the waterfall', () => {
  test('is a table whose caption is the sentence, and whose rows say what the bars show', async () => {
    renderApp(address)
    const table = await chart()
    expect(spaced(table.querySelector('caption')?.textContent)).toBe(
      'Answered in 2 010 ms of 5 000 ms; the answer waited for tickets, cut at its own limit.',
    )
    const said = await rows()
    expect(said[4]).toMatch(
      /ticketszendesk\/maincut at limit, from 6 to 2 006 milliseconds, default/,
    )
    expect(said[5]).toContain('couponskipped')
    expect(said[7]).toMatch(/warm cache.*after the answer/)
  })

  test('has the answer in its own row, after all that it waited for', async () => {
    renderApp(address)
    const said = await rows()
    expect(said[6]).toMatch(/^Answer.*continue, 4 parameters, sent after 2 010 ms, in time/)
  })

  test('says that an answer was late, or fell back', async () => {
    renderApp(`/calls/${failed.call.uuid}`)
    expect((await rows()).at(-1)).toContain('sent after 5 733 ms, late')
    screen.getByText('with 1 default, 5.73 s, late')
  })

  test('names the failure of a run that fell back', async () => {
    renderApp(`/calls/${fallback.call.uuid}`)
    await chart()
    screen.getByText('fallback sent, 4.80 s, in the margin')
    screen.getByText(/timeout: The workflow did not return within its budget/)
    expect((await rows())[2]).toContain('not started')
  })

  test('lists what is missing and why, and the states that it holds', async () => {
    renderApp(address)
    await chart()
    screen.getByText('cut at its limit')
    const legend = within(screen.getByRole('list', { name: 'Legend' }))
    expect(legend.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
      'ok',
      'cached',
      'default used',
      'cut at limit',
      'skipped',
      'after the answer',
      'answer sent',
      'deadline, margin before it',
    ])
  })

  test('opens a step from the keyboard, keeps it in the address, and gives the focus back', async () => {
    const app = renderApp(address)
    const step = within(await chart()).getByRole('button', { name: /tickets/ })
    fireEvent.click(step)
    const panel = await screen.findByRole('region', { name: 'Step tickets' })
    expect(app.address()).toContain('step=tickets')
    expect(panel.textContent).toMatch(/No answer within 2 000 ms/)
    expect(within(panel).getByRole('region', { name: 'Input' }).textContent).toContain('requester')
    expect(within(panel).getByRole('region', { name: 'Output, the default' }).textContent).toBe(
      '[]',
    )
    fireEvent.keyDown(panel, { key: 'Escape' })
    await expect.poll(() => screen.queryByRole('region', { name: 'Step tickets' })).toBeNull()
    expect(document.activeElement).toBe(step)
  })

  test('shows where the time of a request went', async () => {
    renderApp(`${address}?step=contact`)
    const panel = await screen.findByRole('region', { name: 'Step contact' })
    expect(panel.textContent).toMatch(/DNS12 ms.*TLS48 ms.*wait214 ms/)
  })

  test('shows the critical path alone, and splits bars by the phases of their request', async () => {
    renderApp(address)
    const whole = await rows()
    fireEvent.click(screen.getByLabelText('HTTP phases'))
    expect(document.querySelectorAll('[data-part="bar"] > [title="DNS"]').length).toBe(1)
    fireEvent.click(screen.getByLabelText('Critical path only'))
    const said = await rows()
    expect(said.length).toBeLessThan(whole.length)
    expect(said.some((row) => row?.startsWith('tickets'))).toBe(true)
    expect(said.some((row) => row?.startsWith('Answer'))).toBe(true)
  })

  test('of a run without steps shows the axis and the answer', async () => {
    const call = makeCall()
    const trace = makeTrace({ pre_call: makeRun() })
    renderApp(address, { state: { scenes: [{ call, row: makeRow(call), trace }] } })
    expect(await rows()).toHaveLength(2)
    screen.getByText('This run recorded no steps.')
  })
})
