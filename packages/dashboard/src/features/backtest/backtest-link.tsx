import { Link } from '@tanstack/react-router'

/** To where the workflow, or a change of it, is tried on calls of the past. */
export function BacktestLink({ workflow }: { workflow: string }) {
  return (
    <Link
      to="/backtest"
      search={{ workflow }}
      title="What it would have answered on calls of the past, next to what it did; nothing is sent"
      className="inline-flex h-8 shrink-0 items-center rounded-control border border-control bg-surface px-3 font-semibold whitespace-nowrap hover:bg-sunken"
    >
      Backtest
    </Link>
  )
}
