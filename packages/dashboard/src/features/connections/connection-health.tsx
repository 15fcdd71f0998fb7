import type { Connection } from '@bookend/contract'
import type { ReactNode } from 'react'
import { Card } from '../../ui/card.tsx'
import { Instant } from '../../ui/instant.tsx'

const CIRCUITS = {
  closed: 'closed: it is asked',
  open: 'open: it keeps failing and is left alone for a while',
  half_open: 'half open: one request at a time finds out whether it is back',
} as const satisfies Record<Connection['health']['circuit'], string>

export function ConnectionHealth({ connection: { health } }: { connection: Connection }) {
  const { last_used_at, last_success_at, last_failure, circuit, limits } = health
  const when = (at: string | null): ReactNode => (at === null ? 'never' : <Instant at={at} />)
  return (
    <Card title="Health">
      <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-4 gap-y-2">
        <Fact name="Last used">{when(last_used_at)}</Fact>
        <Fact name="Last success">{when(last_success_at)}</Fact>
        <Fact name="Last failure">
          {last_failure === null ? (
            'never'
          ) : (
            <>
              <code className="font-mono">{last_failure.code}</code>, {when(last_failure.at)}
            </>
          )}
        </Fact>
        <Fact name="Last hour">
          {health.calls_last_hour === 0
            ? 'no calls'
            : `${health.failures_last_hour} of ${health.calls_last_hour} calls failed`}
        </Fact>
        <Fact name="Circuit">{CIRCUITS[circuit]}</Fact>
        {limits.map(({ bucket, limit, remaining, reset_at, blocked_until }) => (
          <Fact key={bucket} name={`Limit: ${bucket}`}>
            {remaining ?? '?'} of {limit ?? '?'} left
            {reset_at !== null && <>, full again {when(reset_at)}</>}
            {blocked_until !== null && <>, asked to wait until {when(blocked_until)}</>}
          </Fact>
        ))}
      </dl>
    </Card>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </>
  )
}
