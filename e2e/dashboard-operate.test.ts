// What people do with calls that are over: look at one against its deadline, try a text on the past,
// dry-run a journey, reveal a number, and what those may do who only look.

import type { Trace } from '@bookend/contract'
import type { Client } from '@bookend/sdk/client'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { findViolations } from './testing/axe.ts'
import { findChromium, openBrowser, openPage, type OpenPage } from './testing/browser.ts'
import { ADA, finished, hangUp, journeyOf, MARCUS, ring, ROSA, say } from './testing/calls.ts'
import { readChart } from './testing/chart.ts'
import { openPlace, type Place } from './testing/place.ts'
import { takePictures, takeScreen } from './testing/pictures.ts'
import { turnDesk } from './testing/practice.ts'
import type { Running } from './testing/process.ts'

const executable = findChromium()

const WORDS = 'My date of birth is the second of March.'
const GREETER = '+15550100955'
const greeter = (minutes: number): string => `workflow: greeter
on: pre-call
parameters:
  greeting: { type: string, default: hello }
  wait_minutes: { type: integer, default: 0 }
respond:
  parameters:
    greeting: Good day
    wait_minutes: \${{ ${minutes} }}
`

describe.skipIf(executable === null)('operating on the past', () => {
  let place: Place
  let running: Running
  let client: Client
  let browser: Browser
  let open: OpenPage
  let page: Page
  let trace: Trace
  let cutCallId = ''

  beforeAll(async () => {
    place = await openPlace()
    running = await place.start()
    client = await place.client()
    await client.call('publishWorkflow', {
      params: { name: 'greeter' },
      body: { source: greeter(3) },
    })
    const agent = await client.call('createAgent', {
      body: {
        name: 'Greeter',
        pre_call_webhook_url: 'workflow:greeter',
        pre_call_webhook_enabled: true,
      },
    })
    const { id } = await client.call('createNumber', { body: { number: GREETER } })
    await client.call('assignAgent', { params: { id }, body: { agent_uuid: agent.id } })
    for (const from of [ADA, MARCUS, ROSA]) await ring(client, from, GREETER)

    const { call } = await ring(client, ADA)
    await say(client, call.uuid, 1, WORDS)
    await hangUp(client, call.uuid)
    trace = await finished(place, client, call.uuid)
    await turnDesk(place, { delayMs: 60_000 })
    cutCallId = (await ring(client, MARCUS)).call.uuid
    await turnDesk(place, {})

    browser = await openBrowser(executable ?? '')
    open = await openPage(browser, place.url)
    page = open.page
    await signIn(page, await place.key())
  })
  afterAll(async () => {
    await browser?.close()
    await place?.[Symbol.asyncDispose]()
  })

  async function signIn(at: Page, key: string): Promise<void> {
    await at.goto('/calls')
    await at.getByLabel('API key').fill(key)
    await at.getByRole('button', { name: 'Sign in' }).click()
    await at.getByRole('heading', { level: 1, name: 'Calls' }).waitFor()
  }

  async function show(path: string, at = page): Promise<void> {
    await at.goto(path)
    await at.getByRole('heading', { level: 1 }).waitFor()
    await vi.waitUntil(async () => (await at.getByText(/^Loading /).count()) === 0, 10_000)
  }

  /** What is on the screen now, in both themes and widths: kept as a picture, and held to WCAG 2.2 AA. */
  async function inspect(name: string): Promise<string[]> {
    const wrong: string[] = []
    for (const width of [1_280, 390]) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 })
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        wrong.push(...(await findViolations(page)).map((each) => `${width} ${colorScheme} ${each}`))
        await takeScreen(page, `${name}-${width}-${colorScheme}`)
      }
      const beyond = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      if (beyond > 0) wrong.push(`${width}: ${beyond} px wider than the window`)
    }
    await page.setViewportSize({ width: 1_280, height: 800 })
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    return wrong
  }

  test('every chart reaches its deadline, and no label meets a bar or the line', async () => {
    for (const id of [trace.call_id, cutCallId]) {
      await show(`/calls/${id}`)
      await page.getByRole('table', { name: /answered/i }).waitFor()
      const chart = await readChart(page)
      expect(chart.deadline.left).toBeGreaterThan(chart.box.left + chart.box.width / 2)
      expect(chart.deadline.right).toBeLessThanOrEqual(chart.box.right + 1)
      expect(Math.abs(chart.lastTick - chart.deadlineMiddle)).toBeLessThanOrEqual(1)
      expect(chart.deadline.top).toBeLessThanOrEqual(chart.firstRowTop)
      expect(chart.deadline.bottom).toBeGreaterThanOrEqual(chart.lastRowBottom - 1)
      expect(chart.meetings).toEqual([])
    }
  })

  test('a late answer is drawn through the deadline, and its cause is named', async () => {
    await page.route('**/api/v1/calls/*/trace', async (route) => {
      const answer = await route.fetch()
      const told = (await answer.json()) as Trace
      const [step] = told.pre_call?.steps ?? []
      if (told.pre_call === null || step === undefined) throw new Error('There is no step')
      const late = { ...step, start_ms: 230, duration_ms: 5_490, status: 'ok' as const }
      const preCall = { ...told.pre_call, duration_ms: 5_733, steps: [late] }
      await route.fulfill({ response: answer, json: { ...told, pre_call: preCall } })
    })
    await show(`/calls/${trace.call_id}`)
    await page
      .getByText(/733 ms past the deadline of 5.000 ms; the answer waited for/)
      .last()
      .waitFor()
    const chart = await readChart(page)
    expect(chart.bars.some(({ right }) => right > chart.deadline.right)).toBe(true)
    expect(chart.meetings).toEqual([])
    expect(await inspect('call-late')).toEqual([])
    await page.unroute('**/api/v1/calls/*/trace')
  })

  test('a run is replayed on a text of one’s own, beside what was answered then', async () => {
    const { runs } = await client.call('listRuns', { query: { workflow: 'greeter' } })
    await show(`/replay?run=${runs[0]?.id}`)
    await page.getByRole('button', { name: /^Replay on [0-9a-f]{8}$/ }).click()
    await page.getByRole('heading', { name: 'Answered alike' }).waitFor()
    await page.getByLabel('Version').selectOption('text')
    await page.getByLabel('Text to try').fill(greeter(7))
    await page.getByRole('button', { name: 'Replay on your text' }).click()
    await page.getByRole('row', { name: /wait_minutes changed 3 7/ }).waitFor()
    await page.getByText('Nothing was sent.').waitFor()
    expect(await inspect('replay')).toEqual([])
  })

  test('and backtested over all calls, before it answers the next one', async () => {
    await show('/backtest?workflow=greeter')
    await page.getByLabel('Version').selectOption('text')
    await page.getByLabel('Text to try').fill(greeter(7))
    await page.getByRole('button', { name: 'Backtest your text' }).click()
    await page.getByText(/^3 calls on [0-9a-f]{8}; no more are recorded/).waitFor()
    expect(await page.getByRole('link', { name: 'Replay' }).count()).toBe(3)
    expect(await inspect('backtest')).toEqual([])
    await takePictures(page, 'backtest', { height: 1_060, themes: ['light'] })
    const { version } = await client.call('getWorkflow', { params: { name: 'greeter' } })
    const published = { params: { name: 'greeter' }, body: { source: greeter(7) } }
    await client.call('publishWorkflow', published, { headers: { 'if-match': `"${version}"` } })
    expect((await ring(client, ADA, GREETER)).parameters).toMatchObject({ wait_minutes: 7 })
  })

  test('a journey is dry-run on its call, and every write is shown', async () => {
    const journey = journeyOf(trace, 'after-visit-call')
    await show(`/calls/${trace.call_id}`)
    await page.getByRole('link', { name: 'Dry run' }).click()
    await page.waitForURL(`**/replay?run=${journey.id}`)
    await page.getByLabel('Do not wait').check()
    await page.getByRole('button', { name: /^Dry run on/ }).click()
    const writes = page.getByRole('list', { name: 'Captured writes' })
    await writes.getByText(/smtp/).first().waitFor()
    await writes.getByRole('listitem').first().getByRole('group').click()
    expect(await inspect('dry-run')).toEqual([])
  })

  test('the settings are whole in every section', async () => {
    await client.call('createPerson', {
      body: { name: 'Rosa Lindt', email: 'rosa@clinic.example', role: 'support', team: 'billing' },
    })
    for (const section of ['keys', 'people', 'retention', 'privacy', 'audit', 'telemetry']) {
      await show(`/settings/${section}`)
      if (section === 'audit') {
        await page.getByRole('button', { name: 'Check the seals' }).click()
        await page.getByText(/^None is sealed yet|as they were written/).waitFor()
      }
      expect(await inspect(`settings-${section}`)).toEqual([])
    }
  })

  test('a number is revealed, and the audit log has it', async () => {
    await show('/settings/privacy')
    // The choice is shown once the server has it.
    await page.getByLabel(/Masked for everyone/).click()
    await expect.poll(async () => (await client.call('getSettings', {})).mask_for).toBe('everyone')
    await show(`/calls/${trace.call_id}`)
    await page.getByRole('heading', { level: 1, name: /\+1 ••• ••• ••01/ }).waitFor()
    expect(await page.content()).not.toContain(WORDS)
    await page.getByRole('button', { name: 'Reveal the number' }).click()
    await page.getByRole('heading', { level: 1, name: new RegExp(`\\${ADA}`) }).waitFor()
    await page.getByText(/revealed, hides in/).waitFor()
    expect(await inspect('call-masked')).toEqual([])
    await show('/settings/audit?action=reveal')
    await page.getByRole('row', { name: new RegExp(`call/${trace.call_id}/from_number`) }).waitFor()
    await client.call('updateSettings', { body: { mask_for: 'viewers' } })
  })

  test('the list finds its way back when the server was gone', async () => {
    await show('/calls')
    await page.getByRole('button', { name: 'live', exact: true }).waitFor()
    await running.end('SIGTERM')
    await page.getByRole('button', { name: 'reconnecting' }).waitFor()
    running = await place.start()
    await page.getByRole('button', { name: 'live', exact: true }).waitFor({ timeout: 30_000 })
    await ring(client, '+15550100077')
    const row = page.getByRole('row').filter({ hasText: '+15550100077' })
    const fresh = page.getByRole('button', { name: /new/ })
    await expect.poll(() => fresh.or(row).count(), { timeout: 30_000 }).toBeGreaterThan(0)
  })

  test('who only looks sees no number, changes nothing, and is out when removed (E1–E4, E10, E15)', async () => {
    const person = await client.call('createPerson', {
      body: { name: '<b>Eve</b>', email: 'eve@clinic.example', role: 'viewer' },
    })
    await using theirs = await openPage(browser, place.url)
    const eve = theirs.page
    await signIn(eve, person.key)
    // E1: a name is a text.
    await eve.getByText('<b>Eve</b>').first().waitFor()
    await show(`/calls/${trace.call_id}`, eve)
    await eve.getByRole('heading', { level: 1, name: /••01/ }).waitFor()
    expect(await eve.content()).not.toContain(WORDS)
    expect(await eve.getByRole('link', { name: 'Dry run' }).count()).toBe(0)
    const ask = (path: string, body: object, origin = place.url): Promise<{ status(): number }> =>
      eve.request.post(`${place.url}/api/v1${path}`, { data: body, headers: { origin } })
    // E2: her cookie is worth nothing to another site, E4: a field too many, E15: what is said live.
    expect((await ask('/agents', { name: 'x' }, 'https://evil.example')).status()).toBe(403)
    expect((await ask('/agents', { name: 'x' })).status()).toBe(403)
    expect((await ask('/reveal', { handle: `call/${trace.call_id}/params` })).status()).toBe(403)
    expect((await ask('/workflows/greeter/check', { source: '', role: 'admin' })).status()).toBe(
      422,
    )
    const live = await eve.request.get(`${place.url}/api/v1/calls/${trace.call_id}/live`)
    expect(live.status()).toBe(403)
    // E3: what is not there, and what is nobody's, read alike.
    await show('/calls/01990000-0000-7000-8000-00000000dead', eve)
    await eve.getByRole('alert').filter({ hasText: 'not_found' }).waitFor()
    // E10: what is taken from her counts at her next request.
    await client.call('deletePerson', { params: { id: person.id } })
    await eve.goto('/calls')
    await eve.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  test('and nothing was complained of', () => {
    // While the server was gone.
    const expected = /status of 401|status of 503|ERR_(CONNECTION_REFUSED|INCOMPLETE|EMPTY|ABORTED)/
    expect(open.faults.filter((fault) => !expected.test(fault))).toEqual([])
  })
})
