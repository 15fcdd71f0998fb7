import type { Platform } from '@bookend/contract'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Card } from '../../ui/card.tsx'
import { Instant } from '../../ui/instant.tsx'
import { useAgents } from '../agents/queries.ts'
import { labelOf } from '../connections/connection-form.ts'

interface PlatformFactsProps {
  platform: Platform
  label: string | undefined
}

export function PlatformFacts({ platform, label }: PlatformFactsProps) {
  const { options, agents, default_agent_id: standard, analysis_wait_minutes: wait } = platform
  return (
    <Card title={label ?? 'Options'}>
      <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-4 gap-y-2">
        <Fact name="Agent">
          {standard === null ? (
            'the one of the number that was called'
          ) : (
            <AgentLink id={standard} />
          )}
        </Fact>
        {Object.entries(agents).map(([theirs, ours]) => (
          <Fact key={theirs} name={`Its ${theirs}`}>
            <AgentLink id={ours} />
          </Fact>
        ))}
        {platform.budget_ms !== null && (
          <Fact name="A workflow has">{platform.budget_ms} ms, then it is answered without</Fact>
        )}
        {wait !== null && <Fact name="Analysis">waited for {wait} minutes at most</Fact>}
        {Object.entries(options).map(([name, value]) => (
          <Fact key={name} name={labelOf(name)}>
            <span className="font-mono">
              {typeof value === 'string' ? value : JSON.stringify(value)}
            </span>
          </Fact>
        ))}
      </dl>
      <p className="mt-3 text-xs text-muted">
        Saved <Instant at={platform.updated_at} />. Calls are answered by it from then on.
      </p>
    </Card>
  )
}

function AgentLink({ id }: { id: string }) {
  const { data: agents = [] } = useAgents()
  const found = agents.find((agent) => agent.id === id)
  return (
    <Link to="/agents/$id" params={{ id }} className="text-accent underline">
      {found?.name ?? id}
    </Link>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted [overflow-wrap:anywhere]">{name}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </>
  )
}
