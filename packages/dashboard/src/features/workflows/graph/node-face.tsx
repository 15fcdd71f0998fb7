import { CornerDownRight, Flag, PhoneIncoming, Split, Workflow } from 'lucide-react'
import { StateGlyph, toneOf } from '../../../ui/state-badge.tsx'
import type { GraphNode } from './graph.ts'

const ICONS = {
  start: PhoneIncoming,
  step: Workflow,
  branch: Split,
  answer: Flag,
} as const

interface NodeFaceProps {
  face: GraphNode
  isSelected: boolean
  onSelect: (step: string) => void
}

export function NodeFace({ face, isSelected, onSelect }: NodeFaceProps) {
  const { id, kind, title, subtitle, state, isAfter } = face
  const Icon = isAfter && kind === 'step' ? CornerDownRight : ICONS[kind]
  const inside = (
    <>
      {state === null ? (
        <Icon className="size-4 shrink-0 text-muted" aria-hidden="true" />
      ) : (
        <StateGlyph state={state} className="size-4" />
      )}
      {kind === 'branch' ? (
        <span className="line-clamp-2 min-w-0 flex-1 text-left text-xs [overflow-wrap:anywhere]">
          if {title.replace(/\bsteps\./g, '')}
        </span>
      ) : (
        <span className="min-w-0 flex-1 text-left">
          <span className="block truncate text-xs font-semibold">{title}</span>
          {subtitle !== '' && <span className="block truncate text-xs text-muted">{subtitle}</span>}
        </span>
      )}
    </>
  )
  const tone = state === null ? undefined : toneOf(state)
  const tip = kind === 'branch' ? `if ${title}` : [title, subtitle].filter(Boolean).join(', ')
  if (kind !== 'step') {
    return (
      <div title={tip} style={tone} className={`bk-node bk-node-${kind}`}>
        {inside}
      </div>
    )
  }
  return (
    <button
      type="button"
      title={tip}
      style={tone}
      aria-pressed={isSelected}
      onClick={() => onSelect(id)}
      className={`bk-node ${state === null ? '' : 'bk-node-ran'}`}
    >
      {inside}
      {isAfter && <span className="sr-only">, after the answer</span>}
    </button>
  )
}
