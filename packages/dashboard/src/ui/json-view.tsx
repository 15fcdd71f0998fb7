import { useState } from 'react'
import { Button } from './button.tsx'

const SHOWN_MAX = 32_768

interface JsonViewProps {
  value: unknown
  label: string
}

export function JsonView({ value, label }: JsonViewProps) {
  const [isWhole, setIsWhole] = useState(false)
  const text = JSON.stringify(value, null, 2) ?? 'undefined'
  const isCut = text.length > SHOWN_MAX && !isWhole
  return (
    <>
      <section
        aria-label={label}
        // A region that scrolls must be reachable from the keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className="max-h-80 overflow-auto rounded-control bg-sunken p-3"
      >
        <pre className="font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">
          {isCut ? text.slice(0, SHOWN_MAX) : text}
        </pre>
      </section>
      {isCut && (
        <Button look="quiet" onClick={() => setIsWhole(true)}>
          Show the rest ({Math.ceil((text.length - SHOWN_MAX) / 1_024)} kB)
        </Button>
      )}
    </>
  )
}
