import type { Subscription } from '@bookend/contract'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { renderDuration } from '../../format/duration.ts'
import { Card } from '../../ui/card.tsx'
import { Instant } from '../../ui/instant.tsx'
import { useMay } from '../session/may.ts'
import { renderHealthCount } from './health-count.ts'
import { ResendDead } from './resend-dead.tsx'

/** How deliveries fare here: what waits, what was given up, how long answers take. */
export function EndpointHealth({ webhook }: { webhook: Subscription }) {
  const mayWrite = useMay('write')
  const { id, health, warning, failing_since, failures_in_row, enabled } = webhook
  if (health === undefined) return null
  const { latency, waiting, dead, next_attempt_at, last_success_at, paused_until } = health
  return (
    <Card title="Health">
      {warning !== null && <p className="mb-3 text-failed-ink">{warning}</p>}
      <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-4 gap-y-2">
        <Fact name="Last success">
          {last_success_at === null ? 'never' : <Instant at={last_success_at} />}
        </Fact>
        {failing_since !== null && (
          <Fact name="Failing since">
            <Instant at={failing_since} />, {failures_in_row} in a row
          </Fact>
        )}
        <Fact name="Waiting">
          {renderHealthCount(waiting)}
          {next_attempt_at !== null && (
            <>
              , next try <Instant at={next_attempt_at} />
            </>
          )}
        </Fact>
        {paused_until !== null && (
          <Fact name="Held until">
            <Instant at={paused_until} />: after ten failures in a row one try a minute asks whether
            it is back
          </Fact>
        )}
        <Fact name="Given up">
          {dead === 0 ? (
            'none'
          ) : (
            <Link
              to="/deliveries"
              search={{ endpoint: id, status: 'dead' }}
              className="text-accent underline"
            >
              {renderHealthCount(dead)}
            </Link>
          )}
        </Fact>
        {latency !== undefined && (
          <Fact name="Answers">
            {latency === null
              ? 'none in the last day'
              : `half within ${renderDuration(latency.p50_ms)}, 99 % within ${renderDuration(latency.p99_ms)}, of ${latency.attempts} in the last day`}
          </Fact>
        )}
      </dl>
      {mayWrite && enabled && dead > 0 && (
        <div className="mt-4">
          <ResendDead webhook={webhook} count={dead} />
        </div>
      )}
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
