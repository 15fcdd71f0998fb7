import type { Json } from '@bookend/contract'
import { Braces } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Field } from '../../../ui/field.tsx'
import type { ReadInput } from './input-text.ts'

interface EditFieldProps {
  label: string
  help?: ReactNode
  /** As the text has it. */
  value: string
  isLong?: boolean
  choices?: readonly string[]
  placeholder?: string
  read: (typed: string) => ReadInput
  onCommit: (value: Json | undefined) => void
  /** Values of a past run to choose from, for a field that takes expressions. */
  picker?: (pick: (expression: string) => void) => ReactNode
}

/** One value of the text; it is written there when the field is left, or with Enter. */
export function EditField(props: EditFieldProps) {
  const { label, help, value, isLong = false, choices = [], placeholder, picker } = props
  const [typed, setTyped] = useState(value)
  const [wrong, setWrong] = useState<string>()
  const [isPicking, setIsPicking] = useState(false)
  const [control, setControl] = useState<HTMLInputElement | HTMLTextAreaElement | null>(null)
  const listId = useId()

  const commit = (text: string): void => {
    const read = props.read(text)
    setWrong('wrong' in read ? read.wrong : undefined)
    if (!('wrong' in read) && text !== value) props.onCommit(read.value)
  }
  const pick = (expression: string): void => {
    const { selectionStart: start, selectionEnd: end } = control ?? {}
    const from = start ?? typed.length
    const next = typed.slice(0, from) + expression + typed.slice(end ?? from)
    setTyped(next)
    setIsPicking(false)
    commit(next)
    control?.focus()
  }
  return (
    <div>
      <Field label={label} error={wrong} help={help}>
        {(tied) => {
          const shared = {
            ...tied,
            ref: setControl,
            spellCheck: false,
            placeholder,
            value: typed,
            onBlur: () => commit(typed),
            onChange: ({ target }: { target: { value: string } }) => setTyped(target.value),
          }
          return (
            <div className="flex items-start gap-1">
              {isLong ? (
                <textarea {...shared} rows={3} className={`${tied.className} font-mono text-xs`} />
              ) : (
                <input
                  {...shared}
                  autoComplete="off"
                  list={choices.length === 0 ? undefined : listId}
                  onKeyDown={({ key }) => key === 'Enter' && commit(typed)}
                />
              )}
              {picker !== undefined && (
                <Button
                  look="quiet"
                  aria-expanded={isPicking}
                  onClick={() => setIsPicking(!isPicking)}
                  className="px-2"
                >
                  <Braces className="size-4" aria-hidden="true" />
                  <span className="sr-only">Pick a value for {label} from a past run</span>
                </Button>
              )}
            </div>
          )
        }}
      </Field>
      {choices.length > 0 && (
        <datalist id={listId}>
          {choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </datalist>
      )}
      {isPicking && picker?.(pick)}
    </div>
  )
}
