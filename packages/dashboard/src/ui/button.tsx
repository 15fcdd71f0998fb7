import type { ComponentProps } from 'react'
import { join } from './join.ts'

const LOOKS = {
  primary: 'border-transparent bg-accent text-surface hover:opacity-90',
  plain: 'border-control bg-surface text-text hover:bg-sunken',
  quiet: 'border-transparent text-muted hover:bg-sunken hover:text-text',
  danger: 'border-failed-bar text-failed-ink hover:bg-failed-tint',
} as const

interface ButtonProps extends ComponentProps<'button'> {
  look?: keyof typeof LOOKS
  /** Work is under way: the button keeps its place and takes no second press. */
  busy?: boolean
  wide?: boolean
}

export function Button({
  look = 'plain',
  busy = false,
  wide = false,
  className,
  disabled,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || busy}
      aria-busy={busy}
      className={join(
        'inline-flex h-8 shrink-0 items-center justify-center gap-1.5 rounded-control border px-3 font-semibold whitespace-nowrap transition-colors duration-120 disabled:opacity-60',
        LOOKS[look],
        wide && 'w-full',
        className,
      )}
    >
      {children}
    </button>
  )
}
