import { getRouteApi, Link } from '@tanstack/react-router'
import { Failed } from '../../ui/failed.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { TalkCard } from '../talk/talk-card.tsx'
import { AgentEditor } from './agent-editor.tsx'
import { useAgent } from './queries.ts'

const route = getRouteApi('/agents/$id')

export function AgentScreen() {
  const { id } = route.useParams()
  const { data: agent, error, refetch } = useAgent(id)
  return (
    <>
      <PageTitle
        title={agent?.name ?? 'Agent'}
        above={
          <Link to="/agents" className="hover:text-text hover:underline">
            Agents
          </Link>
        }
      />
      {agent !== undefined ? (
        <div className="grid grid-cols-1 gap-6">
          <AgentEditor key={id} agent={agent} reload={async () => (await refetch()).data} />
          <TalkCard key={`talk ${id}`} agent={agent} />
        </div>
      ) : error === null ? (
        <Skeleton what="the agent" />
      ) : (
        <Failed what="The agent" error={error} retry={() => void refetch()} />
      )}
    </>
  )
}
