import { type ReactNode, useEffect, useRef } from 'react'
import { LivePill } from '../live/live-pill.tsx'

interface PageTitleProps {
  title: string
  /** For the browser's tab; the title when absent. */
  tabTitle?: string
  above?: ReactNode
  /** Shown beside the title: actions of the page. */
  children?: ReactNode
  live?: boolean
}

/** The heading of a screen; moving to the screen focuses it, so that it is read out. */
export function PageTitle({
  title,
  tabTitle = title,
  above,
  children,
  live = false,
}: PageTitleProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${tabTitle} · Bookend`
    heading.current?.focus({ preventScroll: true })
  }, [tabTitle])
  return (
    <header className="mb-4">
      {above !== undefined && <div className="mb-1 text-xs text-muted">{above}</div>}
      <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
        <h1 ref={heading} tabIndex={-1} className="min-w-0 text-lg [overflow-wrap:anywhere]">
          {title}
        </h1>
        {live && <LivePill />}
        {children !== undefined && <div className="ml-auto flex gap-2">{children}</div>}
      </div>
    </header>
  )
}
