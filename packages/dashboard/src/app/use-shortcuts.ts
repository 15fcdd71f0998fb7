import { useNavigate } from '@tanstack/react-router'
import { useEffect, useEffectEvent, useRef } from 'react'
import { findAction, isTyping, moveFocus, type ShortcutAction } from './shortcuts.ts'

/** How long `g` waits for the letter of a screen. */
const PAIR_MS = 1_500

export function useShortcuts(isOn: boolean, showHelp: () => void): void {
  const navigate = useNavigate()
  const pressedG = useRef(0)

  const act = (action: ShortcutAction): boolean => {
    switch (action.kind) {
      case 'go':
        void navigate({ to: action.to })
        return true
      case 'move':
        return moveFocus(action.by)
      case 'search':
        void navigate({ to: '/calls', search: true }).then(() =>
          document.querySelector<HTMLElement>('input[type="search"]')?.focus(),
        )
        return true
      case 'help':
        showHelp()
        return true
    }
  }

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const { key, ctrlKey, metaKey, altKey, target, timeStamp } = event
    if (ctrlKey || metaKey || altKey || event.defaultPrevented || isTyping(target)) return
    const isArrow = key.startsWith('Arrow')
    // Arrows scroll the page unless a row has the focus; letters may be switched off.
    if (isArrow && !(target instanceof HTMLElement && target.matches('[data-row]'))) return
    if (!isOn && !isArrow && key !== '?') return
    const isAfterG = timeStamp - pressedG.current < PAIR_MS
    pressedG.current = key === 'g' && !isAfterG ? timeStamp : -PAIR_MS
    const action = findAction(key, isAfterG)
    if (action !== null && act(action)) event.preventDefault()
  })

  useEffect(() => {
    pressedG.current = -PAIR_MS
    const listen = (event: KeyboardEvent): void => onKey(event)
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}
