import { useEffect, useEffectEvent } from 'react'

interface EditorKeys {
  onPublish: () => void
  onNextFault: () => void
}

/** Ctrl-S (⌘S) publishes and F8 goes to the next fault, wherever the focus is on the screen. */
export function useEditorKeys({ onPublish, onNextFault }: EditorKeys): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const { key, ctrlKey, metaKey, altKey, shiftKey } = event
    const isPublish = key === 's' && (ctrlKey || metaKey) && !altKey && !shiftKey
    if (isPublish) onPublish()
    else if (key === 'F8') onNextFault()
    else return
    event.preventDefault()
    event.stopPropagation()
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => onKey(event)
    // Before the text editor's own keys, which know the faults of an older text.
    document.addEventListener('keydown', listen, { capture: true })
    return () => document.removeEventListener('keydown', listen, { capture: true })
  }, [])
}
