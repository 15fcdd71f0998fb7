import { type ReactNode, useId } from 'react'
import { join } from './join.ts'

interface CardProps {
  title: string
  /** Beside the title, such as a badge. */
  aside?: ReactNode
  flush?: boolean
  className?: string
  children: ReactNode
}

export function Card({ title, aside, flush = false, className, children }: CardProps) {
  const id = useId()
  return (
    <section
      aria-labelledby={id}
      className={join('min-w-0 rounded-card border border-border bg-surface', className)}
    >
      <header className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b border-border px-4 py-2">
        <h2 id={id} className="text-sm">
          {title}
        </h2>
        {aside}
      </header>
      <div className={flush ? '' : 'p-4'}>{children}</div>
    </section>
  )
}
