import type { Session } from '@bookend/contract'
import { LogOut } from 'lucide-react'
import type { ReactNode } from 'react'
import { useSignOut } from '../features/session/queries.ts'
import { Button } from '../ui/button.tsx'
import { Mark } from '../ui/mark.tsx'
import { Keys } from './keys.tsx'
import { Navigation } from './navigation.tsx'
import { ThemeSwitch } from './theme-switch.tsx'

interface ShellProps {
  session: Session
  children: ReactNode
}

export function Shell({ session, children }: ShellProps) {
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[13rem_minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded-control focus:bg-surface focus:p-2"
      >
        Skip to the content
      </a>
      <div className="border-border bg-surface max-lg:border-b lg:sticky lg:top-0 lg:flex lg:h-dvh lg:flex-col lg:border-r">
        <div className="flex items-center justify-between gap-3 px-4 py-3">
          <Mark />
          <div className="flex items-center gap-2 lg:hidden">
            <ThemeSwitch />
            <SignOut />
          </div>
        </div>
        <div className="px-1.5 max-lg:pb-1">
          <Navigation />
        </div>
        <div className="mt-auto border-t border-border p-4 max-lg:hidden">
          <p className="truncate font-semibold" title={session.workspace.name}>
            {session.workspace.name}
          </p>
          <p className="truncate text-xs text-muted">
            {session.key_label === '' ? 'key without a label' : session.key_label} ·{' '}
            {session.scopes.join(', ')}
          </p>
          <div className="mt-3 flex items-center justify-between">
            <ThemeSwitch />
            <div className="flex">
              <Keys />
              <SignOut />
            </div>
          </div>
        </div>
      </div>
      <main id="main" className="mx-auto w-full max-w-[90rem] min-w-0 p-4 lg:p-6">
        {children}
      </main>
    </div>
  )
}

function SignOut() {
  const signOut = useSignOut()
  return (
    <Button look="quiet" busy={signOut.isPending} onClick={() => signOut.mutate()} className="px-2">
      <LogOut className="size-4" aria-hidden="true" />
      <span className="sr-only">Sign out</span>
    </Button>
  )
}
