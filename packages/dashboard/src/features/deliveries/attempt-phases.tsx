import type { DeliveryAttempt } from '@bookend/contract'
import { renderMs } from '../../format/duration.ts'

type Phases = NonNullable<DeliveryAttempt['phases']>

const NAMES = {
  queued_ms: 'queued',
  dns_ms: 'DNS',
  connect_ms: 'connect',
  tls_ms: 'TLS',
  send_ms: 'send',
  wait_ms: 'wait',
  receive_ms: 'receive',
} as const satisfies Record<keyof Phases, string>

/** Where the time of a try went, as parts of one bar and in words beside it. */
export function AttemptPhases({ phases }: { phases: Phases }) {
  const parts = Object.entries(NAMES).flatMap(([key, name]) => {
    const ms = phases[key as keyof Phases]
    return ms === null ? [] : [{ name, ms }]
  })
  const totalMs = parts.reduce((sum, { ms }) => sum + ms, 0)
  if (totalMs === 0) return null
  return (
    <div className="mt-2 grid gap-1">
      <svg
        viewBox="0 0 1000 10"
        preserveAspectRatio="none"
        aria-hidden="true"
        className="h-2 w-full max-w-xl rounded-xs"
      >
        {layOut(parts.map(({ ms }) => ms / totalMs)).map(({ x, width }, index) => (
          <rect
            key={parts[index]?.name}
            x={x}
            width={width}
            height={10}
            className="fill-(--bk-running-bar)"
            opacity={1 - 0.12 * index}
          />
        ))}
      </svg>
      <p className="flex flex-wrap gap-x-3 text-xs text-muted">
        {parts.map(({ name, ms }) => (
          <span key={name} className="whitespace-nowrap">
            {name} {ms < 1 ? '<1 ms' : renderMs(ms)}
          </span>
        ))}
      </p>
    </div>
  )
}

const GAP = 2
const WIDTH = 1_000

/** Shares of the bar, side by side with a gap between. */
function layOut(shares: readonly number[]): readonly { x: number; width: number }[] {
  const room = WIDTH - GAP * (shares.length - 1)
  let x = 0
  return shares.map((share) => {
    const placed = { x, width: share * room }
    x += placed.width + GAP
    return placed
  })
}
