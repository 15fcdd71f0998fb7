import type { ReactNode } from 'react'
import { StateGlyph, toneOf } from '../../ui/state-badge.tsx'

/** Always in sight beside what was tried: what it did, which is nothing. */
export function NothingSent({ children }: { children: ReactNode }) {
  return (
    <output
      style={toneOf('ok')}
      className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-card border border-(--bar) bg-(--tint) px-4 py-3 text-(--ink)"
    >
      <StateGlyph state="ok" className="text-(--ink)" />
      <strong>Nothing was sent.</strong>
      <span>{children}</span>
    </output>
  )
}
