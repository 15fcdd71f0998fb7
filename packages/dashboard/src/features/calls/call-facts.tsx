import type { Call } from '@bookend/contract'
import type { ReactNode } from 'react'
import { renderTalk } from '../../format/duration.ts'
import { Id } from '../../ui/copy-text.tsx'
import { Instant } from '../../ui/instant.tsx'
import { useNow } from '../../ui/use-now.ts'
import { CallStatusBadge } from './call-status.tsx'

export function CallFacts({ call }: { call: Call }) {
  return (
    <dl className="flex flex-wrap items-center gap-x-6 gap-y-2 rounded-card border border-border bg-surface px-4 py-3">
      <Fact name="Status">
        <CallStatusBadge status={call.status} />
      </Fact>
      <Fact name="Direction">{call.direction}</Fact>
      <Fact name="To">{call.to_number}</Fact>
      <Fact name="Started">
        <Instant at={call.started_at ?? call.created_at} />
      </Fact>
      <Fact name="Talk time">
        <TalkTime call={call} />
      </Fact>
      {call.ended_reason !== null && <Fact name="Ended">{call.ended_reason}</Fact>}
      {call.answered_by !== null && <Fact name="Answered by">{call.answered_by}</Fact>}
      {call.agent_version !== null && <Fact name="Agent version">v{call.agent_version}</Fact>}
      {call.attestation !== null && <Fact name="Attestation">{call.attestation}</Fact>}
      <Fact name="Platform">{call.platform}</Fact>
      {call.flags.length > 0 && <Fact name="Flags">{call.flags.join(', ')}</Fact>}
      {call.tags.length > 0 && (
        <Fact name="Tags">{call.tags.map(({ name }) => name).join(', ')}</Fact>
      )}
      {Object.entries(call.external_identifiers).map(([key, value]) => (
        <Fact key={key} name={key}>
          {typeof value === 'string' ? value : JSON.stringify(value)}
        </Fact>
      ))}
      <Fact name="Id">
        <Id id={call.uuid} label="Copy call id" />
      </Fact>
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="flex min-h-6 items-center [overflow-wrap:anywhere]">{children}</dd>
    </div>
  )
}

const SECOND_MS = 1_000

/** Counts up while people talk. */
function TalkTime({ call: { status, started_at, duration } }: { call: Call }) {
  const isTalking = status === 'in_progress' && started_at !== null
  const now = useNow(isTalking ? SECOND_MS : null)
  if (isTalking) {
    const seconds = (now.getTime() - new Date(started_at).getTime()) / SECOND_MS
    return <>{renderTalk(Math.max(0, seconds))}</>
  }
  return <>{duration === null ? '–' : renderTalk(duration)}</>
}
