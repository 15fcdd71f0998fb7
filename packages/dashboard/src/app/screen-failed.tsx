import type { ErrorComponentProps } from '@tanstack/react-router'
import { Link } from '@tanstack/react-router'
import { Empty } from '../ui/empty.tsx'
import { Failed } from '../ui/failed.tsx'
import { PageTitle } from '../ui/page-title.tsx'

export function ScreenFailed({ error, reset }: ErrorComponentProps) {
  return <Failed what="This screen" error={error} retry={reset} />
}

export function NotFound() {
  return (
    <>
      <PageTitle title="There is no such screen" />
      <Empty
        title="Nothing is at this address"
        action={
          <Link to="/" className="font-semibold text-accent underline">
            Go home
          </Link>
        }
      >
        It may have been cut short, or it belongs to another version of Bookend.
      </Empty>
    </>
  )
}
