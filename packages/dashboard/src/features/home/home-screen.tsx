import { Failed } from '../../ui/failed.tsx'
import { NotUpdated } from '../../ui/not-updated.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { FirstRun } from '../first-run/first-run.tsx'
import { AnswerTimes } from './answer-times.tsx'
import { DefaultsByCause } from './defaults-by-cause.tsx'
import { Figures } from './figures.tsx'
import { LiveCalls } from './live-calls.tsx'
import { NeedsSomeone } from './needs-someone.tsx'
import { useHasCalls, useOverview } from './queries.ts'

export function HomeScreen() {
  const { data: hasCalls, error, refetch } = useHasCalls()
  return (
    <>
      <PageTitle title={hasCalls === false ? 'Welcome' : 'Home'} live />
      {hasCalls === undefined ? (
        error === null ? (
          <Skeleton what="the first screen" />
        ) : (
          <Failed what="The first screen" error={error} retry={() => void refetch()} />
        )
      ) : hasCalls ? (
        <Home />
      ) : (
        <FirstRun />
      )}
    </>
  )
}

function Home() {
  const { data: overview, error, refetch, dataUpdatedAt } = useOverview()
  return (
    <div className="grid grid-cols-1 gap-4">
      {overview === undefined ? (
        error === null ? (
          <Skeleton what="the last day" rows={2} />
        ) : (
          <Failed what="The last day" error={error} retry={() => void refetch()} />
        )
      ) : (
        <>
          {error !== null && (
            <NotUpdated sinceMs={dataUpdatedAt} error={error} retry={() => void refetch()} />
          )}
          <Figures overview={overview} />
        </>
      )}
      <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-2">
        <NeedsSomeone overview={overview} />
        <div className="grid grid-cols-1 gap-4">
          {overview !== undefined && <AnswerTimes overview={overview} />}
          <LiveCalls />
          {overview !== undefined && <DefaultsByCause overview={overview} />}
        </div>
      </div>
    </div>
  )
}
