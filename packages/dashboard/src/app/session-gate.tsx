import type { ReactNode } from 'react'
import { useSession } from '../features/session/queries.ts'
import { SignIn } from '../features/session/sign-in.tsx'
import { LiveProvider } from '../live/live.tsx'
import type { Source } from '../live/change-stream.ts'
import { Failed } from '../ui/failed.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { Shell } from './shell.tsx'

interface SessionGateProps {
  openStream?: (() => Source) | undefined
  children: ReactNode
}

/** Nothing is read, and no stream is opened, before somebody is signed in. */
export function SessionGate({ openStream, children }: SessionGateProps) {
  const { data: session, error, isPending, refetch } = useSession()
  if (session !== null && session !== undefined) {
    return (
      <LiveProvider open={openStream}>
        <Shell session={session}>{children}</Shell>
      </LiveProvider>
    )
  }
  if (session === null) return <SignIn />
  return (
    <main className="mx-auto max-w-xl p-4 pt-24">
      {isPending ? (
        <Skeleton what="Bookend" rows={3} />
      ) : (
        <Failed what="Your session" error={error} retry={() => void refetch()} />
      )}
    </main>
  )
}
