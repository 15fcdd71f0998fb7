import { Dialog } from '@base-ui/react/dialog'
import { Keyboard } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Check } from '../ui/field.tsx'
import { SHORTCUTS } from './shortcuts.ts'
import { useShortcuts } from './use-shortcuts.ts'

const STORED = 'bookend-letter-keys'

/** The keys of the dashboard: a button that lists them, and the switch that turns letters off. */
export function Keys() {
  const [isOpen, setIsOpen] = useState(false)
  const [isOn, setIsOn] = useState(() => localStorage.getItem(STORED) !== 'off')
  useShortcuts(isOn, () => setIsOpen(true))
  const turn = (on: boolean): void => {
    setIsOn(on)
    localStorage.setItem(STORED, on ? 'on' : 'off')
  }
  return (
    <>
      <Button look="quiet" onClick={() => setIsOpen(true)} className="px-2">
        <Keyboard className="size-4" aria-hidden="true" />
        <span className="sr-only">Keys</span>
      </Button>
      <Dialog.Root open={isOpen} onOpenChange={setIsOpen}>
        <Dialog.Portal>
          <Dialog.Backdrop className="fixed inset-0 z-40 bg-[rgb(10_13_17/0.5)]" />
          <Dialog.Popup className="fixed top-1/2 left-1/2 z-50 max-h-[90dvh] w-[min(26rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 overflow-auto rounded-card border border-border bg-surface p-6 shadow-float">
            <Dialog.Title className="text-base font-semibold">Keys</Dialog.Title>
            <dl className="mt-3 grid grid-cols-[5rem_minmax(0,1fr)] gap-y-1.5">
              {SHORTCUTS.map(({ keys, effect }) => (
                <div key={keys} className="col-span-2 grid grid-cols-subgrid">
                  <dt>
                    <kbd className="rounded-xs border border-control px-1.5 font-mono text-xs">
                      {keys}
                    </kbd>
                  </dt>
                  <dd>{effect}</dd>
                </div>
              ))}
            </dl>
            <div className="mt-4 border-t border-border pt-4">
              <Check label="Single letters do these things" checked={isOn} onChange={turn} />
            </div>
            <div className="mt-4 flex justify-end">
              <Dialog.Close render={<Button />}>Close</Dialog.Close>
            </div>
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
    </>
  )
}
