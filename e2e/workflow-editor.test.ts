// A workflow is written in the dashboard by somebody who has no file and no terminal, and the next
// call is answered by it.

import type { Client } from '@bookend/sdk/client'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { findChromium, openBrowser, openPage, type OpenPage } from './testing/browser.ts'
import { ADA, ring } from './testing/calls.ts'
import { takeScreen } from './testing/pictures.ts'
import { openPlace, type Place } from './testing/place.ts'

const executable = findChromium()

describe.skipIf(executable === null)('the workflow editor', () => {
  let place: Place
  let client: Client
  let browser: Browser
  let open: OpenPage
  let page: Page

  beforeAll(async () => {
    place = await openPlace()
    await place.start()
    client = await place.client()
    browser = await openBrowser(executable ?? '')
    open = await openPage(browser, place.url)
    page = open.page
    await page.goto('/workflows')
    await page.getByLabel('API key').fill(await place.key())
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { level: 1, name: 'Workflows' }).waitFor()
  })
  afterAll(async () => {
    await browser?.close()
    await place?.[Symbol.asyncDispose]()
  })

  const problems = () => page.getByRole('region', { name: 'Problems' })
  const note = (text: string) => page.getByRole('status').filter({ hasText: text })

  const greeting = async (): Promise<unknown> => (await ring(client, ADA)).parameters['greeting']

  /** By the keyboard alone; `reviewed` sees what is asked before it is done. */
  async function publish(reviewed = async (): Promise<void> => {}): Promise<void> {
    await page.keyboard.press('Control+s')
    const button = page.getByRole('alertdialog').getByRole('button', { name: 'Publish greeter' })
    await button.and(page.locator('[aria-disabled=false]')).waitFor()
    await reviewed()
    await page.keyboard.press('Enter')
    await note('Published as version').waitFor()
  }

  test('begins a new workflow, says what is wrong with it, and publishes it once mended', async () => {
    await page.getByRole('button', { name: 'New workflow' }).click()
    await page.getByLabel('Name').fill('greeter')
    await page.getByRole('button', { name: 'Write it' }).click()
    const text = page.getByRole('textbox', { name: 'Text of greeter' })
    await text.click()
    await page.keyboard.press('Control+End')
    await page.keyboard.type('nonsense: 1')
    const fault = problems().getByRole('button', { name: /there is no field "nonsense"/ })
    await fault.waitFor()
    await takeScreen(page, 'editor-with-a-fault')

    await page.keyboard.press('Control+s')
    await note('Not published: the text has problems.').waitFor()
    await page.keyboard.press('Shift+End')
    await page.keyboard.press('Delete')
    await problems()
      .getByRole('status')
      .filter({ hasText: /^none$/ })
      .waitFor()
    await page.getByRole('region', { name: 'Graph of greeter' }).getByText('abroad').waitFor()
    await publish()
    await expect.poll(() => page.getByRole('link', { name: 'greeter' }).count()).toBe(1)
  })

  test('has the next call answered by what was published, and again by the next version', async () => {
    const { agents } = await client.call('listAgents', {})
    const desk = agents.find(({ name }) => name === 'Front Desk')
    await client.call('updateAgent', {
      params: { id: desk?.id ?? '' },
      body: { pre_call_webhook_url: 'workflow:greeter' },
    })
    expect(await greeting()).toBe('Good day')

    await page.getByText('Good day').dblclick()
    await page.keyboard.press('Home')
    await page.keyboard.press('Control+ArrowRight')
    await page.keyboard.press('Shift+End')
    await page.keyboard.type(': Good evening')
    await publish(async () => {
      await page.getByText('One agent takes it with the next call: Front Desk.').waitFor()
      await takeScreen(page, 'editor-review')
    })
    await vi.waitFor(async () => expect(await greeting()).toBe('Good evening'), 10_000)
  })

  test('selects a step in the graph and in the text alike', async () => {
    await page.getByRole('button', { name: /^abroad/ }).click()
    await expect.poll(() => page.url()).toContain('step=abroad')
    await expect.poll(() => page.locator('.cm-step-line').count()).toBe(2)
  })

  test('asks before it drops what was typed', async () => {
    await page.getByRole('textbox', { name: 'Text of greeter' }).click()
    await page.keyboard.type('# ')
    await page.getByRole('link', { name: 'Calls' }).click()
    const question = page.getByRole('alertdialog', { name: 'Leave greeter unpublished?' })
    await question.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('textbox', { name: 'Text of greeter' }).waitFor()
    await page.getByRole('link', { name: 'Calls' }).click()
    await question.getByRole('button', { name: 'Drop my changes' }).click()
    const heading = page.getByRole('heading', { level: 1, name: 'Calls' })
    await expect.poll(() => heading.count()).toBe(1)
  })

  test('and nothing was complained of, by the security policy either', () => {
    expect(open.faults.filter((fault) => !/status of 401/.test(fault))).toEqual([])
  })
})
