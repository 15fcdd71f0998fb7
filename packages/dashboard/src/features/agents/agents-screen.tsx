import type { Agent } from '@bookend/contract'
import { Link } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { Empty } from '../../ui/empty.tsx'
import { Failed } from '../../ui/failed.tsx'
import { Instant } from '../../ui/instant.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { StateGlyph } from '../../ui/state-badge.tsx'
import { TableFrame } from '../../ui/table-frame.tsx'
import { useMay } from '../session/may.ts'
import { useAgents } from './queries.ts'

export function AgentsScreen() {
  const { data: agents, error, refetch } = useAgents()
  const mayWrite = useMay('write')
  const create = mayWrite && (
    <LinkButton to="/agents/new">
      <Plus className="size-4" aria-hidden="true" />
      New agent
    </LinkButton>
  )
  return (
    <>
      <PageTitle title="Agents">{create}</PageTitle>
      {agents === undefined ? (
        error === null ? (
          <Skeleton what="the agents" />
        ) : (
          <Failed what="The agents" error={error} retry={() => void refetch()} />
        )
      ) : agents.length === 0 ? (
        <Empty title="No agents yet" action={create}>
          <p>An agent has a prompt, a first message, and the workflow that runs before a call.</p>
        </Empty>
      ) : (
        <TableFrame label="Agents">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Before the call</th>
              <th scope="col" className="max-md:hidden">
                Timeout
              </th>
              <th scope="col" className="max-sm:hidden">
                Version
              </th>
              <th scope="col" className="max-md:hidden">
                Changed
              </th>
            </tr>
          </thead>
          <tbody>
            {agents.map((agent) => (
              <AgentRow key={agent.id} agent={agent} />
            ))}
          </tbody>
        </TableFrame>
      )}
    </>
  )
}

function AgentRow({ agent }: { agent: Agent }) {
  return (
    <tr className="relative">
      <td className="font-semibold">
        <Link
          to="/agents/$id"
          params={{ id: agent.id }}
          data-row
          className="after:absolute after:inset-0"
        >
          {agent.name}
        </Link>
      </td>
      <td>
        <PreCall agent={agent} />
      </td>
      <td className="max-md:hidden">{agent.pre_call_webhook_timeout} s</td>
      <td className="max-sm:hidden">v{agent.version}</td>
      <td className="text-muted max-md:hidden">
        <Instant at={agent.updated_at} />
      </td>
    </tr>
  )
}

function PreCall({ agent }: { agent: Agent }) {
  const { pre_call_webhook_url: target, pre_call_webhook_enabled: isEnabled } = agent
  if (target === null) return <span className="text-muted">default parameters only</span>
  return (
    <span className="inline-flex items-center gap-1.5">
      <StateGlyph state={isEnabled ? 'ok' : 'skipped'} />
      <span className="[overflow-wrap:anywhere]">{target}</span>
      {!isEnabled && <span className="text-muted">off</span>}
    </span>
  )
}
