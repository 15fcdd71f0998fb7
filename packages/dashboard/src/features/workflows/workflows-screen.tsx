import type { Workflow } from '@bookend/contract'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Command } from '../../ui/command.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Failed } from '../../ui/failed.tsx'
import { Instant } from '../../ui/instant.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { StateBadge } from '../../ui/state-badge.tsx'
import { TableFrame } from '../../ui/table-frame.tsx'
import { useMay } from '../session/may.ts'
import { NewWorkflow } from './new-workflow.tsx'
import { useWorkflows } from './queries.ts'
import { renderTrigger } from './render-trigger.ts'

export function WorkflowsScreen() {
  const { data: workflows, error, refetch } = useWorkflows()
  const [isNew, setIsNew] = useState(false)
  const mayWrite = useMay('write')
  return (
    <>
      <PageTitle title="Workflows">
        {mayWrite && !isNew && <Button onClick={() => setIsNew(true)}>New workflow</Button>}
      </PageTitle>
      {isNew && (
        <NewWorkflow
          taken={(workflows ?? []).map(({ name }) => name)}
          onClose={() => setIsNew(false)}
        />
      )}
      {workflows === undefined ? (
        error === null ? (
          <Skeleton what="the workflows" />
        ) : (
          <Failed what="The workflows" error={error} retry={() => void refetch()} />
        )
      ) : workflows.length === 0 ? (
        <Empty title="No workflows yet">
          <p>
            A workflow runs before a call or after it. Write one here, or keep files in your
            project: name.pre-call.ts or name.journey.yaml; they appear once the server has loaded
            them.
          </p>
          <Command text="npx bookend check" />
        </Empty>
      ) : (
        <TableFrame label="Workflows">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Runs</th>
              <th scope="col" className="max-md:hidden">
                Parameters
              </th>
              <th scope="col" className="max-lg:hidden">
                Connections
              </th>
              <th scope="col" className="max-sm:hidden">
                Version
              </th>
              <th scope="col" className="max-xl:hidden">
                Loaded
              </th>
            </tr>
          </thead>
          <tbody>
            {workflows.map((workflow) => (
              <WorkflowRow key={workflow.name} workflow={workflow} />
            ))}
          </tbody>
        </TableFrame>
      )}
    </>
  )
}

function WorkflowRow({ workflow }: { workflow: Workflow }) {
  const { name, kind, form, version, parameters, connections, updated_at } = workflow
  return (
    <tr className="relative">
      <td>
        <Link
          to="/workflows/$name"
          params={{ name }}
          data-row
          className="font-semibold whitespace-nowrap after:absolute after:inset-0"
        >
          {name}
        </Link>
        <span className="block text-xs text-muted">
          {kind}, {form === 'yaml' ? 'YAML' : 'TypeScript'}
        </span>
      </td>
      <td>
        {renderTrigger(workflow)}
        {workflow.paused != null && (
          <span className="mt-1 block">
            <StateBadge state="wait">paused</StateBadge>
          </span>
        )}
      </td>
      <td className="text-xs max-md:hidden">
        {parameters.length === 0 ? (
          <span className="text-muted">–</span>
        ) : (
          <code className="font-mono">{parameters.join(', ')}</code>
        )}
      </td>
      <td className="text-xs max-lg:hidden">
        {Object.keys(connections).length === 0 ? (
          <span className="text-muted">–</span>
        ) : (
          Object.values(connections).join(', ')
        )}
      </td>
      <td className="max-sm:hidden">
        <code className="font-mono text-xs" title={version}>
          {version.slice(0, 8)}
        </code>
      </td>
      <td className="text-muted max-xl:hidden">
        <Instant at={updated_at} />
      </td>
    </tr>
  )
}
