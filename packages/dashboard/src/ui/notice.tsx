import type { ReactNode } from 'react'
import { StateGlyph } from './state-badge.tsx'
import type { State } from '../theme/states.ts'
import { toneOf } from './state-badge.tsx'

interface NoticeProps {
  state: State
  title: string
  children?: ReactNode
  action?: ReactNode
}

/** Something the reader must know before going on. */
export function Notice({ state, title, children, action }: NoticeProps) {
  return (
    <div
      role="alert"
      style={toneOf(state)}
      className="flex flex-wrap items-start gap-x-3 gap-y-2 rounded-card border border-(--bar) bg-(--tint) px-4 py-3 text-(--ink)"
    >
      <StateGlyph state={state} className="mt-1 text-(--ink)" />
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{title}</p>
        {children}
      </div>
      {action}
    </div>
  )
}
