// Keys for every screen. Not active while somebody types, and letters can be switched off.
//
//   ?  all keys      /  find a call by its number      g then a letter  go to a screen
//   j k ↑ ↓  move through the rows of a list           Enter opens, Esc closes

export interface Shortcut {
  keys: string
  effect: string
}

export const SHORTCUTS: readonly Shortcut[] = [
  { keys: 'g t', effect: 'Go to today, the first screen' },
  { keys: 'g c', effect: 'Go to the calls' },
  { keys: 'g o', effect: 'Go to the handoffs' },
  { keys: 'g a', effect: 'Go to the agents' },
  { keys: 'g w', effect: 'Go to the workflows' },
  { keys: 'g n', effect: 'Go to the numbers' },
  { keys: 'g h', effect: 'Go to the webhooks' },
  { keys: 'g d', effect: 'Go to the deliveries' },
  { keys: 'g s', effect: 'Go to the settings' },
  { keys: '/', effect: 'Find a call by its number' },
  { keys: 'j k', effect: 'Next and previous row, also ↓ and ↑' },
  { keys: 'Enter', effect: 'Open the row' },
  { keys: 'Esc', effect: 'Close what is open' },
  { keys: 'Ctrl S', effect: 'In a workflow’s text: publish it' },
  { keys: 'F8', effect: 'In a workflow’s text: go to the next problem' },
  { keys: '?', effect: 'Show these keys' },
]

const SCREEN_OF_KEY = {
  t: '/',
  c: '/calls',
  o: '/handoffs',
  a: '/agents',
  w: '/workflows',
  n: '/numbers',
  h: '/webhooks',
  d: '/deliveries',
  s: '/settings',
} as const

export type ShortcutAction =
  | { kind: 'go'; to: (typeof SCREEN_OF_KEY)[keyof typeof SCREEN_OF_KEY] }
  | { kind: 'move'; by: 1 | -1 }
  | { kind: 'search' }
  | { kind: 'help' }

const isScreenKey = (key: string): key is keyof typeof SCREEN_OF_KEY => key in SCREEN_OF_KEY

/** @param isAfterG Whether `g` was pressed just before. */
export function findAction(key: string, isAfterG: boolean): ShortcutAction | null {
  if (isAfterG) return isScreenKey(key) ? { kind: 'go', to: SCREEN_OF_KEY[key] } : null
  switch (key) {
    case 'j':
    case 'ArrowDown':
      return { kind: 'move', by: 1 }
    case 'k':
    case 'ArrowUp':
      return { kind: 'move', by: -1 }
    case '/':
      return { kind: 'search' }
    case '?':
      return { kind: 'help' }
    default:
      return null
  }
}

/** True for a place where a letter is text, or where arrows mean something else. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest(
      'input, textarea, select, [contenteditable], [role="alertdialog"], [role="dialog"]',
    ) !== null
  )
}

/** Moves the focus through what is marked as a row; from none it goes to the first. */
export function moveFocus(by: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')]
  const at = rows.findIndex((row) => row === document.activeElement)
  const next = rows[at === -1 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)]
  next?.focus()
  return next !== undefined
}
