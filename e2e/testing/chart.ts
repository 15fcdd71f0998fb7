// Where everything of the waterfall stands on the screen, in pixels.

import type { Page } from 'playwright-core'

interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  readonly width: number
}

export interface Chart {
  readonly box: Box
  readonly deadline: Box
  readonly deadlineMiddle: number
  /** Of the tick that stands nearest to the deadline. */
  readonly lastTick: number
  readonly bars: readonly Box[]
  readonly firstRowTop: number
  readonly lastRowBottom: number
  /** Labels that meet a bar or the line, and bars after the answer that begin before it. */
  readonly meetings: readonly string[]
}

export const readChart = (page: Page): Promise<Chart> =>
  page.evaluate(() => {
    const boxOf = (element: Element) => {
      const { left, right, top, bottom, width } = element.getBoundingClientRect()
      return { left, right, top, bottom, width }
    }
    const parts = (name: string) => [...document.querySelectorAll(`[data-part="${name}"]`)]
    const one = (name: string) => {
      const [element] = parts(name)
      if (element === undefined) throw new Error(`The chart has no ${name}`)
      return boxOf(element)
    }
    const deadline = one('deadline')
    const deadlineMiddle = (deadline.left + deadline.right) / 2
    const ticks = parts('tick').map((tick) => boxOf(tick).left)
    const rows = [...(parts('bar')[0]?.closest('tbody')?.children ?? [])].map(boxOf)
    const answer = one('answer')
    const meetings: string[] = []
    for (const label of parts('label')) {
      const at = boxOf(label)
      const name = label.textContent
      if (at.left < deadline.right && at.right > deadline.left) meetings.push(`${name}: the line`)
      for (const bar of label.closest('td')?.querySelectorAll('[data-part="bar"]') ?? []) {
        const other = boxOf(bar)
        if (at.left < other.right && at.right > other.left) meetings.push(`${name}: its bar`)
      }
    }
    for (const bar of document.querySelectorAll('[data-part="bar"][data-state="after"]')) {
      if (boxOf(bar).left < answer.left) meetings.push('a bar after the answer begins before it')
    }
    return {
      box: one('box'),
      deadline,
      deadlineMiddle,
      lastTick:
        ticks.toSorted((a, b) => Math.abs(a - deadlineMiddle) - Math.abs(b - deadlineMiddle))[0] ??
        0,
      bars: parts('bar').map(boxOf),
      firstRowTop: rows[0]?.top ?? 0,
      lastRowBottom: rows.at(-1)?.bottom ?? 0,
      meetings,
    }
  })
