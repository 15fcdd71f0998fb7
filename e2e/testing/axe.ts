// What a page keeps from people who see little, hear nothing or use no pointer, as axe-core finds it.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const LEVELS = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']

interface Axe {
  run(
    context: unknown,
    options: { runOnly: string[] },
  ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>
}

/** One line for each violation of WCAG 2.2 AA on the page as it is now. */
export async function findViolations(page: Page): Promise<string[]> {
  await page.evaluate(SOURCE)
  return await page.evaluate(async (levels) => {
    const { axe } = globalThis as unknown as { axe: Axe }
    const { violations } = await axe.run(document, { runOnly: levels })
    return violations.map(({ id, nodes: [first] }) => {
      return `${id}: ${first?.html.slice(0, 200)} ${first?.failureSummary ?? ''}`
    })
  }, LEVELS)
}
