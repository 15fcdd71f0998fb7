import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { renderId } from '../format/id.ts'

interface CopyTextProps {
  text: string
  /** What is shown; the whole text when absent. */
  shown?: string
  label: string
}

export function CopyText({ text, shown = text, label }: CopyTextProps) {
  const [isCopied, setIsCopied] = useState(false)
  const copy = (): void => {
    void navigator.clipboard.writeText(text).then(() => setIsCopied(true))
  }
  return (
    <button
      type="button"
      onClick={copy}
      onBlur={() => setIsCopied(false)}
      title={text}
      className="inline-flex min-h-6 max-w-full items-center gap-1 rounded-control font-mono text-xs hover:text-text"
    >
      <span className="truncate">{shown}</span>
      {isCopied ? (
        <Check className="size-3 shrink-0" aria-hidden="true" />
      ) : (
        <Copy className="size-3 shrink-0" aria-hidden="true" />
      )}
      <span className="sr-only">{isCopied ? 'Copied' : label}</span>
    </button>
  )
}

interface IdProps {
  id: string
  label: string
}

/** An id in short; it copies whole. */
export function Id({ id, label }: IdProps) {
  return <CopyText text={id} shown={renderId(id)} label={label} />
}
