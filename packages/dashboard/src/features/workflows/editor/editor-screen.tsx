import { getRouteApi, Link } from '@tanstack/react-router'
import { isStatus } from '../../../api/failure.ts'
import { Failed } from '../../../ui/failed.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { useWorkflow } from '../queries.ts'
import { useSourceOf } from './queries.ts'
import { startText } from './starters.ts'
import { WorkflowEditor } from './workflow-editor.tsx'

const route = getRouteApi('/workflows/$name/edit')

export function EditorScreen() {
  const { name } = route.useParams()
  const { from, starter } = route.useSearch()
  const { data, error, refetch } = useWorkflow(name)
  const older = useSourceOf(name, from)
  const isAbsent = isStatus(error, 404)
  const stored = isAbsent ? null : (data ?? null)

  // One that was there keeps its editor when somebody takes it out of use.
  const isNew = isAbsent && starter !== undefined
  if (data === undefined && !isNew) {
    const retry = (): void => void refetch()
    return <Waiting name={name} what="The workflow" error={error} retry={retry} />
  }
  if (from !== undefined && older.data === undefined) {
    const retry = (): void => void older.refetch()
    return <Waiting name={name} what="The older text" error={older.error} retry={retry} />
  }
  if (stored?.form === 'typescript') return <InItsFile name={name} />
  const start = older.data ?? stored?.source ?? startText(starter ?? 'pre-call', name)
  return (
    <WorkflowEditor
      key={`${name} ${from}`}
      name={name}
      stored={stored}
      start={start}
      reload={refetch}
    />
  )
}

interface WaitingProps {
  name: string
  what: string
  error: Error | null
  retry: () => void
}

function Waiting({ name, what, error, retry }: WaitingProps) {
  return (
    <>
      <PageTitle title={name} />
      {error === null ? (
        <Skeleton what={what.toLowerCase()} />
      ) : (
        <Failed what={what} error={error} retry={retry} />
      )}
    </>
  )
}

function InItsFile({ name }: { name: string }) {
  return (
    <>
      <PageTitle title={name} />
      <Notice state="skipped" title="This workflow is written in TypeScript, in a file.">
        <p>
          Change the file.{' '}
          <Link to="/workflows/$name" params={{ name }} className="underline">
            Its runs and versions
          </Link>
        </p>
      </Notice>
    </>
  )
}
