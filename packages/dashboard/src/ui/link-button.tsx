import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'

interface LinkButtonProps {
  to: NonNullable<LinkProps['to']>
  children: ReactNode
}

/** A link that looks like the primary button: it goes somewhere rather than doing something. */
export function LinkButton({ to, children }: LinkButtonProps) {
  return (
    <Link
      to={to}
      className="inline-flex h-8 items-center gap-1.5 rounded-control bg-accent px-3 font-semibold whitespace-nowrap text-surface hover:opacity-90"
    >
      {children}
    </Link>
  )
}
