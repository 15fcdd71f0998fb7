import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { ROOT } from './root.ts'

const FOLDER = join(ROOT, 'docs', 'pictures')

const SCREENS = join(ROOT, 'artifacts', 'screens')

/** Keeps the whole screen as it is, to be looked at; only when asked to. */
export async function takeScreen(page: Page, name: string): Promise<void> {
  if (process.env['BOOKEND_PICTURES'] !== '1') return
  await mkdir(SCREENS, { recursive: true })
  await page.screenshot({ path: join(SCREENS, `${name}.png`), fullPage: true })
}

interface Picture {
  readonly height: number
  readonly themes: readonly ('light' | 'dark')[]
}

/** Takes the README's pictures of what the page shows, one for each theme; only when asked to. */
export async function takePictures(
  page: Page,
  name: string,
  { height, themes }: Picture,
): Promise<void> {
  if (process.env['BOOKEND_PICTURES'] !== '1') return
  await mkdir(FOLDER, { recursive: true })
  await page.setViewportSize({ width: 1_280, height })
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    scrollTo(0, 0)
  })
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.screenshot({ path: join(FOLDER, `${name}-${colorScheme}.png`) })
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1_280, height: 800 })
}
