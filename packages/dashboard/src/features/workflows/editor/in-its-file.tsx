import type { Workflow } from '@bookend/contract'
import { Link } from '@tanstack/react-router'
import { Notice } from '../../../ui/notice.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { WorkflowGraph } from '../graph/workflow-graph.tsx'

/** A workflow in TypeScript: it is read and changed in its file, and shown as it ran. */
export function InItsFile({ workflow }: { workflow: Workflow }) {
  const { name } = workflow
  return (
    <>
      <PageTitle
        title={name}
        above={
          <Link to="/workflows/$name" params={{ name }} className="hover:text-text hover:underline">
            {name}
          </Link>
        }
      />
      <div className="grid grid-cols-1 gap-4">
        <Notice state="skipped" title="This workflow is written in TypeScript, in a file.">
          <p>Change the file; the server takes it with its next start.</p>
        </Notice>
        <WorkflowGraph workflow={workflow} />
      </div>
    </>
  )
}
