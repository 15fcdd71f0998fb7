import type { ComponentProps } from 'react'
import { Card } from '../../../ui/card.tsx'
import { CodeEditor } from '../text/code-editor.tsx'

interface TextCardProps extends Omit<ComponentProps<typeof CodeEditor>, 'label'> {
  name: string
  /** What became of the text. */
  note: string
}

export function TextCard({ name, note, ...editor }: TextCardProps) {
  return (
    <Card
      title="Text"
      flush
      aside={<output className="text-xs text-muted">{note}</output>}
      className="overflow-hidden"
    >
      <div className="h-[36rem] max-h-[70dvh]">
        <CodeEditor label={`Text of ${name}`} {...editor} />
      </div>
      <p className="border-t border-border px-4 py-2 text-xs text-muted max-sm:hidden">
        Ctrl-S publishes, F8 goes to the next problem, Ctrl-] indents, Tab leaves the text.
      </p>
    </Card>
  )
}
