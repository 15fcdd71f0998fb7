import type { ReactNode } from 'react'

interface TableFrameProps {
  label: string
  children: ReactNode
}

/** A table in a card; where it is wider than the screen it scrolls inside its own region. */
export function TableFrame({ label, children }: TableFrameProps) {
  return (
    <section
      aria-label={label}
      // A region that scrolls must be reachable from the keyboard.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className="overflow-x-auto rounded-card border border-border bg-surface"
    >
      <table className="bk-table w-full">{children}</table>
    </section>
  )
}
