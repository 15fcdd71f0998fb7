import type { Run } from '@bookend/contract'
import { Link } from '@tanstack/react-router'
import { useMay } from '../session/may.ts'

/** To where the run is looked at once more, with nothing sent. */
export function ReplayLink({ run }: { run: Run }) {
  const mayWrite = useMay('write')
  if (!mayWrite) return null
  return (
    <Link
      to="/replay"
      search={{ run: run.id }}
      title="The same input once more; what would be written is shown and not sent"
      className="inline-flex h-8 shrink-0 items-center rounded-control border border-control bg-surface px-3 font-semibold whitespace-nowrap hover:bg-sunken"
    >
      {run.kind === 'journey' ? 'Dry run' : 'Replay'}
    </Link>
  )
}
