import type { ReactNode } from 'react'

interface EmptyProps {
  title: string
  children?: ReactNode
  action?: ReactNode
}

/** What would appear here, and the one action that makes it appear. */
export function Empty({ title, children, action }: EmptyProps) {
  return (
    <div className="rounded-card border border-dashed border-control p-6 text-center sm:p-12">
      <p className="text-base font-semibold">{title}</p>
      {children !== undefined && (
        <div className="mx-auto mt-2 max-w-xl text-balance text-muted">{children}</div>
      )}
      {action !== undefined && <div className="mt-4 flex justify-center">{action}</div>}
    </div>
  )
}
