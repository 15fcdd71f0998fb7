import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { StateGlyph, toneOf } from '../../ui/state-badge.tsx'

interface ShownOnceProps {
  /** What the key is for. */
  children: ReactNode
  value: string
  onHide: () => void
}

/** A key that the server has only as a hash from now on. */
export function ShownOnce({ children, value, onHide }: ShownOnceProps) {
  return (
    <output
      style={toneOf('ok')}
      className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-card border border-(--bar) bg-(--tint) px-4 py-3 text-(--ink)"
    >
      <StateGlyph state="ok" className="text-(--ink)" />
      <span>{children} It is shown this once; keep it now.</span>
      <span className="min-w-0 rounded-control bg-surface px-2 text-text">
        <CopyText text={value} label="Copy key" />
      </span>
      <Button onClick={onHide} className="ml-auto">
        I have kept it
      </Button>
    </output>
  )
}
