import type { ErrorComponentProps } from '@tanstack/react-router'
import { Link } from '@tanstack/react-router'
import { Empty } from '../ui/empty.tsx'
import { Failed } from '../ui/failed.tsx'

export function ScreenFailed({ error, reset }: ErrorComponentProps) {
  return <Failed what="This screen" error={error} retry={reset} />
}

export function NotFound() {
  return (
    <Empty
      title="There is no such screen"
      action={
        <Link to="/calls" className="font-semibold text-accent underline">
          Go to the calls
        </Link>
      }
    >
      The address may have been cut short, or it belongs to another version of Bookend.
    </Empty>
  )
}
