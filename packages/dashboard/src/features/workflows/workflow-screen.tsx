import type { Workflow } from '@bookend/contract'
import { getRouteApi, Link } from '@tanstack/react-router'
import { renderLimit } from '../../format/duration.ts'
import { Failed } from '../../ui/failed.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { BacktestLink } from '../backtest/backtest-link.tsx'
import { PauseButton } from '../pauses/pause-button.tsx'
import { PausedNotice } from '../pauses/paused-notice.tsx'
import { useMay } from '../session/may.ts'
import { WorkflowGraph } from './graph/workflow-graph.tsx'
import { useWorkflow } from './queries.ts'
import { renderTrigger } from './render-trigger.ts'
import { Runs } from './runs.tsx'
import { Simulate } from './simulate.tsx'
import { Versions } from './versions.tsx'

const route = getRouteApi('/workflows/$name')

export function WorkflowScreen() {
  const { name } = route.useParams()
  const { version } = route.useSearch()
  const { data: workflow, error, refetch } = useWorkflow(name)
  const mayWrite = useMay('write')
  return (
    <>
      <PageTitle
        title={name}
        live
        above={
          <Link to="/workflows" className="hover:text-text hover:underline">
            Workflows
          </Link>
        }
      >
        {workflow?.form === 'yaml' && (
          <Link
            to="/workflows/$name/edit"
            params={{ name }}
            className="inline-flex h-8 items-center rounded-control border border-control bg-surface px-3 font-semibold hover:bg-sunken"
          >
            {workflow.origin === 'published' && mayWrite ? 'Edit' : 'Show the text'}
          </Link>
        )}
        {workflow?.kind === 'pre-call' && mayWrite && <BacktestLink workflow={name} />}
        {workflow?.kind === 'journey' && <PauseButton subject={{ kind: 'workflow', name }} />}
      </PageTitle>
      {workflow === undefined ? (
        error === null ? (
          <Skeleton what="the workflow" />
        ) : (
          <Failed what="The workflow" error={error} retry={() => void refetch()} />
        )
      ) : (
        <div className="grid grid-cols-1 gap-4">
          <PausedNotice subject={{ kind: 'workflow', name }} />
          <Facts workflow={workflow} />
          <WorkflowGraph workflow={workflow} />
          {workflow.kind === 'pre-call' && mayWrite && <Simulate key={name} name={name} />}
          <Runs workflow={workflow} />
          <Versions name={name} shown={version} />
        </div>
      )}
    </>
  )
}

function Facts({ workflow }: { workflow: Workflow }) {
  const { kind, form, origin, version, parameters, connections, worst_case_ms } = workflow
  const facts = {
    Kind: `${kind}, ${form === 'yaml' ? 'YAML' : 'TypeScript'}`,
    Runs: renderTrigger(workflow),
    From: origin === 'file' ? 'a file of the server' : 'published',
    Version: version.slice(0, 8),
    'At worst': worst_case_ms === null ? '' : renderLimit(worst_case_ms),
    Connections: Object.values(connections).join(', '),
    Parameters: parameters.join(', '),
  }
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-2 rounded-card border border-border bg-surface px-4 py-3">
      {Object.entries(facts)
        .filter(([, value]) => value !== '')
        .map(([name, value]) => (
          <div key={name} className="min-w-0">
            <dt className="text-xs text-muted">{name}</dt>
            <dd className="[overflow-wrap:anywhere]">{value}</dd>
          </div>
        ))}
    </dl>
  )
}
