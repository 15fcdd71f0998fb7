import { getRouteApi, Link } from '@tanstack/react-router'
import { Empty } from '../../ui/empty.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useMay } from '../session/may.ts'
import { Backtest } from './backtest.tsx'

const route = getRouteApi('/backtest')

export function BacktestScreen() {
  const { workflow } = route.useSearch()
  const mayWrite = useMay('write')
  return (
    <>
      <PageTitle
        title={workflow === undefined ? 'Backtest' : `Backtest of ${workflow}`}
        above={
          workflow !== undefined && (
            <Link
              to="/workflows/$name"
              params={{ name: workflow }}
              className="underline hover:text-text"
            >
              {workflow}
            </Link>
          )
        }
      />
      {workflow === undefined ? (
        <Empty
          title="No workflow is chosen"
          action={<LinkButton to="/workflows">Go to the workflows</LinkButton>}
        >
          <p>A backtest runs a pre-call workflow over calls that were answered before.</p>
        </Empty>
      ) : mayWrite ? (
        <Backtest key={workflow} workflow={workflow} />
      ) : (
        <Empty title="Your key may not backtest">
          <p>It reads. A backtest needs a key with the scope “write”.</p>
        </Empty>
      )}
    </>
  )
}
