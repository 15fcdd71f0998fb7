import {
  AlarmClockOff,
  Check,
  CircleMinus,
  Database,
  Hourglass,
  Loader,
  type LucideIcon,
  Scissors,
  TriangleAlert,
  UserRound,
  X,
} from 'lucide-react'
import type { CSSProperties, ReactNode } from 'react'
import { cssVariable, STATE_LOOKS, type State } from '../theme/states.ts'
import { join } from './join.ts'

type Glyph = Exclude<(typeof STATE_LOOKS)[State]['glyph'], 'hatching'>

const ICONS = {
  Check,
  Database,
  TriangleAlert,
  Scissors,
  X,
  AlarmClockOff,
  CircleMinus,
  Loader,
  Hourglass,
  UserRound,
} as const satisfies Record<Glyph, LucideIcon>

/** A state's colours, to be used as `var(--bar)`, `var(--ink)` and `var(--tint)`. */
export const toneOf = (state: State): CSSProperties =>
  ({
    '--bar': `var(${cssVariable(state, 'bar')})`,
    '--ink': `var(${cssVariable(state, 'ink')})`,
    '--tint': `var(${cssVariable(state, 'tint')})`,
  }) as CSSProperties

interface StateGlyphProps {
  state: State
  className?: string
}

export function StateGlyph({ state, className }: StateGlyphProps) {
  const { glyph } = STATE_LOOKS[state]
  if (glyph === 'hatching') {
    return (
      <span
        aria-hidden="true"
        style={toneOf(state)}
        className={join('bk-hatched size-3.5 rounded-xs border border-(--bar)', className)}
      />
    )
  }
  const Icon = ICONS[glyph]
  return (
    <Icon
      aria-hidden="true"
      strokeWidth={2.5}
      style={toneOf(state)}
      className={join('size-3.5 shrink-0 text-(--bar)', className)}
    />
  )
}

interface StateBadgeProps {
  state: State
  /** Says more than the state's own word. */
  children?: ReactNode
}

export function StateBadge({ state, children }: StateBadgeProps) {
  return (
    <span
      style={toneOf(state)}
      className="inline-flex h-6 items-center gap-1.5 rounded-control bg-(--tint) px-2 text-xs font-semibold whitespace-nowrap text-(--ink)"
    >
      <StateGlyph state={state} className="text-(--ink)" />
      <span>{children ?? STATE_LOOKS[state].word}</span>
    </span>
  )
}
