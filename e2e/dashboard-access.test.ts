// The dashboard for everybody: without a pointer, in both themes, on a telephone's width; and what
// callers and endpoints say is shown and never run.

import type { Client } from '@bookend/sdk/client'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { findViolations } from './testing/axe.ts'
import { findChromium, openBrowser, openPage, type OpenPage } from './testing/browser.ts'
import { ADA, finished, hangUp, ring, say } from './testing/calls.ts'
import { openPlace, type Place } from './testing/place.ts'
import { takeScreen } from './testing/pictures.ts'
import { openReceiver, type Receiver } from './testing/receiver.ts'
import { until } from './testing/until.ts'

const executable = findChromium()

const MARKUP = '<img src=x onerror="globalThis.broken=1"><script>globalThis.broken=1</script>'
const WIDTHS = [1_280, 390]
const THEMES = ['light', 'dark'] as const

const ASKS_SOMEBODY = `workflow: ask-somebody
on: call.completed
steps:
  decide:
    human:
      title: Call back?
      form:
        call_back: { type: boolean }
        note: { type: string, optional: true }
      within: 8h
`

describe.skipIf(executable === null)('the dashboard is for everybody', () => {
  let place: Place
  let client: Client
  let receiver: Receiver
  let browser: Browser
  let open: OpenPage
  let page: Page
  let callId = ''
  let screens: Record<string, string> = {}

  beforeAll(async () => {
    place = await openPlace()
    await place.start()
    client = await place.client()
    receiver = await openReceiver({ status: 503, body: MARKUP })
    await client.call('createWebhook', { body: { url: receiver.url, description: MARKUP } })
    await client.call('publishWorkflow', {
      params: { name: 'ask-somebody' },
      body: { source: ASKS_SOMEBODY },
    })
    await client.call('createPlatform', {
      body: { platform: 'retell', name: 'main', options: { api_key: 'key_of_nobody_000000' } },
    })
    // What is not signed is refused, and the screens say so.
    await fetch(`${place.url}/platforms/retell/main/events`, { method: 'POST', body: MARKUP })
    const { call } = await ring(client, ADA)
    callId = call.uuid
    await say(client, callId, 1, MARKUP)
    await hangUp(client, callId)
    browser = await openBrowser(executable ?? '')
    open = await openPage(browser, place.url)
    page = open.page
    await page.goto('/')
    await page.getByLabel('API key').fill(await place.key())
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('button', { name: 'live', exact: true }).waitFor()
    screens = await findScreens()
  })
  afterAll(async () => {
    await browser?.close()
    await receiver?.[Symbol.asyncDispose]()
    await place?.[Symbol.asyncDispose]()
  })

  /** Every screen there is, by the name of its picture. */
  async function findScreens(): Promise<Record<string, string>> {
    const { deliveries } = await until(
      place,
      'a delivery was tried',
      () => client.call('searchDeliveries', {}),
      ({ deliveries: found }) => found.some(({ attempts }) => attempts > 0),
    )
    const { handoffs } = await until(
      place,
      'somebody is asked',
      () => client.call('listHandoffs', {}),
      ({ handoffs: found }) => found.length > 0,
    )
    const tried = deliveries.find(({ attempts }) => attempts > 0)
    const [agent] = (await client.call('listAgents', {})).agents
    return {
      home: '/',
      calls: '/calls',
      call: `/calls/${callId}`,
      handoffs: '/handoffs',
      handoff: `/handoffs/${handoffs[0]?.id}`,
      agents: '/agents',
      'new-agent': '/agents/new',
      agent: `/agents/${agent?.id}`,
      workflows: '/workflows',
      'pre-call-workflow': '/workflows/clinic-intake',
      'yaml-workflow': '/workflows/ask-somebody',
      'edit-workflow': '/workflows/ask-somebody/edit?step=decide',
      connections: '/connections',
      connection: '/connections/http/desk',
      platforms: '/platforms',
      platform: '/platforms/retell/main',
      numbers: '/numbers',
      webhooks: '/webhooks',
      webhook: `/webhooks/${tried?.webhook_id}`,
      deliveries: '/deliveries',
      delivery: `/deliveries/${tried?.id}`,
      'no-screen': '/no/such/screen',
    }
  }

  async function show(path: string): Promise<void> {
    await page.goto(path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await vi.waitUntil(async () => (await page.getByText(/^Loading /).count()) === 0, 10_000)
  }

  test(
    'on every screen, in both themes and widths, by WCAG 2.2 AA',
    { timeout: 300_000 },
    async () => {
      const wrong: string[] = []
      for (const [name, path] of Object.entries(screens)) {
        await show(path)
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: width === 390 ? 844 : 900 })
          for (const colorScheme of THEMES) {
            await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
            const found = await findViolations(page)
            wrong.push(...found.map((each) => `${name} ${width} ${colorScheme}: ${each}`))
            await takeScreen(page, `${name}-${width}-${colorScheme}`)
          }
          const beyond = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          )
          if (beyond > 0) wrong.push(`${name} ${width}: ${beyond} px wider than the window`)
        }
      }
      await page.setViewportSize({ width: 1_280, height: 800 })
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
      expect(wrong).toEqual([])
    },
  )

  test('shows what a caller and an endpoint said as text (E1)', async () => {
    await show(screens['call'] ?? '')
    await page.getByRole('list', { name: 'Transcript' }).getByText(MARKUP).waitFor()
    await show(screens['delivery'] ?? '')
    await page.getByRole('list', { name: 'Tries' }).getByText(MARKUP).first().waitFor()
    await show('/webhooks')
    await page.getByRole('cell', { name: MARKUP }).waitFor()
    expect(await page.evaluate(() => Reflect.get(globalThis, 'broken'))).toBeUndefined()
  })

  test('answers a handoff by the keyboard alone', async () => {
    await show('/')
    await page.keyboard.press('g')
    await page.keyboard.press('o')
    await page.getByRole('heading', { level: 1, name: 'Handoffs' }).waitFor()
    await page.getByRole('link', { name: /Call back\?/ }).waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Call back?' }).waitFor()
    await tabTo(/^call back/)
    await page.keyboard.press('Space')
    await tabTo(/^Answer/)
    await page.keyboard.press('Enter')
    const { handoffs } = await until(
      place,
      'the handoff is answered',
      () => client.call('listHandoffs', { query: { status: 'answered' } }),
      ({ handoffs: found }) => found.length > 0,
    )
    expect(handoffs[0]?.answer).toMatchObject({ call_back: true })
  })

  test('replays a run by the keyboard alone', async () => {
    await finished(place, client, callId)
    await show(`/calls/${callId}`)
    await tabTo(/^Replay…/)
    await page.keyboard.press('Enter')
    await page.getByRole('alertdialog').waitFor()
    await tabTo(/^Replay/)
    await page.keyboard.press('Enter')
    const { runs } = await until(
      place,
      'a replay runs',
      () => client.call('listRuns', {}),
      ({ runs: found }) => found.some(({ replay_of: of }) => of != null),
    )
    expect(runs.find(({ replay_of: of }) => of != null)?.call_id).toBe(callId)
  })

  test('and nothing was complained of, by the security policy either', () => {
    expect(open.faults.filter((fault) => !/status of 401/.test(fault))).toEqual([])
  })

  /** Presses Tab until what is focused has that name. */
  async function tabTo(name: RegExp): Promise<void> {
    const seen: string[] = []
    for (let presses = 0; presses < 80; presses += 1) {
      await page.keyboard.press('Tab')
      const focused = await page.evaluate(() => {
        const element = document.activeElement
        const { labels } = element as HTMLInputElement
        return (labels?.[0]?.textContent ?? element?.textContent ?? '').trim()
      })
      if (name.test(focused)) return
      seen.push(focused.slice(0, 40))
    }
    throw new Error(`Tab never came to ${name}; it came to: ${seen.join(' | ')}`)
  }
})
