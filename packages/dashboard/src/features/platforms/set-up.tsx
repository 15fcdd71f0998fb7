import type { Platform, PlatformSetUp } from '@bookend/contract'
import { Card } from '../../ui/card.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Failed } from '../../ui/failed.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useMay } from '../session/may.ts'
import { PerformSetUp } from './perform-set-up.tsx'
import { useSetUp } from './queries.ts'

type Step = PlatformSetUp['steps'][number]

/** What is to be set on the platform's side: by hand, or from here where its API takes it. */
export function SetUp({ platform }: { platform: Platform }) {
  const { data, error, refetch } = useSetUp(platform)
  const isAdmin = useMay('admin')
  if (data === undefined) {
    return error === null ? (
      <Skeleton what="what is to be set up" />
    ) : (
      <Failed what="What is to be set up" error={error} retry={() => void refetch()} />
    )
  }
  return (
    <Card title="Set up on the platform’s side">
      <ol className="grid list-decimal gap-4 pl-5">
        {data.steps.map((step) => (
          <li key={step.title} className="min-w-0">
            <p className="font-semibold">{step.title}</p>
            <p className="text-muted [overflow-wrap:anywhere]">{step.detail}</p>
            <Settings step={step} />
          </li>
        ))}
      </ol>
      {isAdmin && data.targets.length > 0 && (
        <PerformSetUp platform={platform} targets={data.targets} />
      )}
    </Card>
  )
}

function Settings({ step: { settings, title } }: { step: Step }) {
  if (settings === null) return null
  return (
    <dl className="mt-2 grid gap-x-4 gap-y-1 rounded-control bg-sunken p-3 sm:grid-cols-[12rem_minmax(0,1fr)]">
      {Object.entries(settings).map(([name, value]) => {
        const text = typeof value === 'string' ? value : JSON.stringify(value)
        return (
          <div key={name} className="contents">
            <dt className="font-mono text-xs [overflow-wrap:anywhere]">{name}</dt>
            <dd className="min-w-0">
              <CopyText text={text} label={`Copy ${name} of ${title}`} />
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
