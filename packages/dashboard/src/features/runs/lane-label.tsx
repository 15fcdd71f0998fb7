import { findLabelSide, type LabelSide } from './waterfall-geometry.ts'

interface LaneLabelProps {
  text: string
  bar: { start: number; end: number }
  deadline: number | null
  lanePx: number
}

/** Average width of a character at 12 px, on the wide side, so that no label meets the line. */
const CHARACTER_PX = 6.6
const PADDING_PX = 8

const findSide = ({ text, bar, deadline, lanePx }: LaneLabelProps): LabelSide =>
  findLabelSide(bar, deadline, lanePx, text.length * CHARACTER_PX + PADDING_PX)

/** Beside the bar where there is room; otherwise only the panel says it. */
export function LaneLabel(props: LaneLabelProps) {
  const { text, bar } = props
  const side = findSide(props)
  if (side === 'panel') return null
  const style =
    side === 'right'
      ? { left: `max(calc(${100 * bar.end}% + 4px), calc(${100 * bar.start}% + 6px))` }
      : { right: `calc(${100 * (1 - bar.start)}% + 4px)` }
  return (
    <span
      aria-hidden="true"
      data-part="label"
      style={style}
      className="pointer-events-none absolute top-1/2 z-4 -translate-y-1/2 rounded-xs bg-surface px-1 text-xs font-normal whitespace-nowrap text-muted"
    >
      {text}
    </span>
  )
}
