// The dashboard in a real browser, on the running system: what happens is seen without a reload.

import type { Client } from '@bookend/sdk/client'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium, openBrowser, openPage, type OpenPage } from './testing/browser.ts'
import { ADA, finished, hangUp, MARCUS, ring, ROSA, say } from './testing/calls.ts'
import { takePictures } from './testing/pictures.ts'
import { openPlace, type Place } from './testing/place.ts'
import { turnDesk } from './testing/practice.ts'
import { until } from './testing/until.ts'

const executable = findChromium()
if (executable === null) {
  process.stdout.write('No Chromium here (set BOOKEND_CHROMIUM): the dashboard is not tested\n')
}

const CONVERSATION = [
  { role: 'agent', text: 'Hi Marcus, this is Harbor Street Clinic. How can I help you today?' },
  { role: 'user', text: 'I have a question about my bill. There are two, and I paid one.' },
  { role: 'agent', text: 'May I have your date of birth first?' },
  { role: 'user', text: 'The second of March, 1984.' },
  { role: 'agent', text: 'Thank you. I see two invoices. Our billing team can look into that.' },
  { role: 'user', text: 'Yes, please call me back about it.' },
  { role: 'agent', text: 'They will call you tomorrow morning. Goodbye, Marcus!' },
] as const

describe.skipIf(executable === null)('the dashboard', () => {
  let place: Place
  let client: Client
  let browser: Browser
  let open: OpenPage
  let page: Page
  let callId = ''

  beforeAll(async () => {
    place = await openPlace()
    await place.start()
    client = await place.client()
    browser = await openBrowser(executable ?? '')
    open = await openPage(browser, place.url)
    page = open.page
  })
  afterAll(async () => {
    await browser?.close()
    await place?.[Symbol.asyncDispose]()
  })

  const rows = () => page.getByRole('region', { name: 'Calls, newest first' }).getByRole('row')

  test('asks for a key, and says so when it is a wrong one', async () => {
    await page.goto('/')
    await page.getByLabel('API key').fill(`bk_${'a'.repeat(12)}_${'b'.repeat(43)}`)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').filter({ hasText: 'This key is not known' }).waitFor()
    // A browser reports every refused sign-in in its console, and nothing else was to be refused.
    expect(faultsBut(/status of 401/)).toEqual([])
  })

  test('opens with the key, on a welcome that says what to do first', async () => {
    await page.getByLabel('API key').fill(await place.key())
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { level: 1, name: 'Welcome' }).waitFor()
    await page.getByRole('heading', { name: 'Make a first call' }).waitFor()
    await page
      .getByRole('navigation', { name: 'Main' })
      .getByRole('link', { name: 'Calls' })
      .click()
    await page.getByRole('heading', { level: 1, name: 'Calls' }).waitFor()
    await page.getByRole('button', { name: 'live', exact: true }).waitFor()
    expect(await page.context().cookies()).toMatchObject([{ httpOnly: true, sameSite: 'Strict' }])
  })

  test('shows a call as it comes in', async () => {
    const { call } = await ring(client, ADA)
    callId = call.uuid
    const row = rows().filter({ hasText: ADA })
    await row.filter({ hasText: 'Front Desk' }).waitFor()
    await row.getByRole('link', { name: ADA }).click()
    await page.waitForURL(`**/calls/${callId}`)
    const heading = page.getByRole('heading', { level: 1 })
    await expect.poll(() => heading.textContent()).toContain(`${ADA} → Front Desk`)
  })

  test('draws the answer against its deadline, and lists what the agent knew', async () => {
    const chart = page.getByRole('table', { name: /answered/i })
    for (const step of ['patient', 'tickets', 'appointments', 'insurance', 'Answer']) {
      await chart.getByRole('row', { name: new RegExp(`^${step}\\b`) }).waitFor()
    }
    await chart.getByText(/^deadline 5 s$|deadline 5/).waitFor()
    const [line, box] = await Promise.all(
      ['deadline', 'box'].map((part) => page.locator(`[data-part="${part}"]`).boundingBox()),
    )
    expect(line?.height).toBeGreaterThan(100)
    expect(line?.x).toBeGreaterThan((box?.x ?? 0) + (box?.width ?? 0) / 2)
    const known = page.getByRole('row', { name: /customer_name/ })
    await known.filter({ hasText: '"Ada"' }).waitFor()
  })

  test('follows the conversation and the work after it', async () => {
    const transcript = page.getByRole('list', { name: 'Transcript' })
    await say(client, callId, 1, 'I need to move my appointment, please.')
    await transcript.getByText('I need to move my appointment, please.').waitFor()
    await say(client, callId, 2, 'Tuesday at ten is perfect, thank you.')
    await transcript.getByText('Tuesday at ten is perfect, thank you.').waitFor()
    await hangUp(client, callId)
    const journey = page.getByRole('list', { name: 'Journeys' }).getByRole('listitem').first()
    await journey.getByText('waiting', { exact: true }).first().waitFor()
    await journey.getByText('completed', { exact: true }).waitFor()
    await page.getByText('1 of 1 completed').waitFor()
    const steps = journey.getByRole('list', { name: 'Steps of after-visit-call' })
    expect(await steps.getByText('mail', { exact: true }).isVisible()).toBe(true)
  })

  test('shows what a hung desk costs', async () => {
    await turnDesk(place, { delayMs: 60_000 })
    const { call } = await ring(client, MARCUS)
    await turnDesk(place, {})
    await page.goto(`/calls/${call.uuid}`)
    await page.getByText('cut at limit').first().waitFor()
    const known = page.getByRole('row', { name: /open_tickets/ })
    await expect.poll(() => known.textContent()).toMatch(/^open_tickets\s*0/)
    await client.call('appendTranscript', {
      params: { id: call.uuid },
      body: { entries: CONVERSATION.map((line, index) => ({ sequence: index + 1, ...line })) },
    })
    await hangUp(client, call.uuid)
    await finished(place, client, call.uuid)
    await page.getByText('1 of 1 completed').waitFor()
    await takePictures(page, 'call', { height: 1_080, themes: ['light', 'dark'] })
  })

  test('saves an agent’s new timeout', async () => {
    await page.getByRole('link', { name: 'Agents' }).click()
    await page.getByRole('link', { name: 'Front Desk' }).click()
    const timeout = page.getByLabel('Timeout, in seconds')
    await timeout.fill('31')
    await page.getByRole('button', { name: 'Save agent' }).click()
    expect(await timeout.getAttribute('aria-invalid')).toBe('true')
    await timeout.fill('4.5')
    await page.getByRole('button', { name: 'Save agent' }).click()
    await page.getByText('Saved as version 2.').waitFor()
    const { agents } = await client.call('listAgents', {})
    expect(agents.find(({ name }) => name === 'Front Desk')).toMatchObject({
      version: 2,
      pre_call_webhook_timeout: 4.5,
    })
    await takePictures(page, 'agent', { height: 980, themes: ['light'] })
  })

  test('keeps the list in order as more calls come', async () => {
    await page.getByRole('link', { name: 'Calls' }).click()
    await rows().filter({ hasText: MARCUS }).waitFor()
    await ring(client, ROSA)
    const fresh = page.getByRole('button', { name: /1 new/ })
    const row = rows().filter({ hasText: ROSA })
    await fresh.or(row).first().waitFor()
    if (await fresh.isVisible()) await fresh.click()
    await row.filter({ hasText: 'Urgent Nurse' }).waitFor()
    await ring(client, '+15550199999')
    await ring(client, '+15550100010')
    await until(
      place,
      'five calls are kept',
      () => client.call('listCalls', {}),
      ({ calls }) => calls.length === 5,
    )
    await page.reload()
    await rows().filter({ hasText: '+15550100010' }).waitFor()
    // Its head, and the five calls of this test.
    expect(await rows().count()).toBe(6)
    await takePictures(page, 'calls', { height: 480, themes: ['light'] })
  })

  test('had nothing to complain of, and forgets the key when told to', async () => {
    expect(faultsBut(/status of 401/)).toEqual([])
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.goto(`/calls/${callId}`)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await page.context().cookies()).toEqual([])
  })

  const faultsBut = (expected: RegExp): string[] =>
    open.faults.filter((fault) => !expected.test(fault))
})
