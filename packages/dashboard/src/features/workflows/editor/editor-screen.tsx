import { getRouteApi } from '@tanstack/react-router'
import { isStatus } from '../../../api/failure.ts'
import { Failed } from '../../../ui/failed.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { useWorkflow, useWorkflows } from '../queries.ts'
import { useSourceOf } from './queries.ts'
import { InItsFile } from './in-its-file.tsx'
import { startText } from './starters.ts'
import { WorkflowEditor } from './workflow-editor.tsx'

const route = getRouteApi('/workflows/$name/edit')

export function EditorScreen() {
  const { name } = route.useParams()
  const { from, starter } = route.useSearch()
  const list = useWorkflows()
  // A new name is looked up in the list, so that nothing is asked for that cannot be there.
  const isListed = list.data?.some((workflow) => workflow.name === name)
  const isNew = starter !== undefined && isListed === false
  const { data, error, refetch } = useWorkflow(name, starter === undefined || isListed === true)
  const older = useSourceOf(name, from)
  // One that was there keeps its editor when somebody takes it out of use.
  const stored = isStatus(error, 404) ? null : (data ?? null)

  if (data === undefined && !isNew) {
    const failure = error ?? (starter === undefined ? null : list.error)
    const retry = (): void => void Promise.all([refetch(), list.refetch()])
    return <Waiting name={name} what="The workflow" error={failure} retry={retry} />
  }
  if (from !== undefined && older.data === undefined) {
    const retry = (): void => void older.refetch()
    return <Waiting name={name} what="The older text" error={older.error} retry={retry} />
  }
  if (stored?.form === 'typescript') return <InItsFile workflow={stored} />
  const start = older.data ?? stored?.source ?? startText(starter ?? 'pre-call', name)
  return <WorkflowEditor key={name} name={name} stored={stored} start={start} reload={refetch} />
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
