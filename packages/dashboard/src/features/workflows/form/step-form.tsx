// The selected step as a form. Each field is one value of the text, and nothing else: what is
// changed here is changed there, as one step of its undo history.

import type { Json } from '@bookend/contract'
import { useMemo, type ReactNode } from 'react'
import { ActionFields } from './action-fields.tsx'
import { EditField } from './edit-field.tsx'
import { setValue } from './edit-yaml.ts'
import { readInput, readYaml, showInput } from './input-text.ts'
import { asRecord, readStep, type StepShape } from './read-step.ts'
import { renameStep } from './rename-step.ts'
import { ValuePicker } from './value-picker.tsx'

interface StepFormProps {
  workflow: string
  text: string
  section: string
  step: string
  isReadOnly: boolean
  onEdit: (text: string) => void
  onRename: (text: string, name: string) => void
}

export function StepForm(props: StepFormProps) {
  const { workflow, text, section, step, isReadOnly, onEdit, onRename } = props
  const shape = useMemo(() => readStep(text, section, step), [text, section, step])
  if (shape === null) {
    return (
      <p className="p-4 text-muted">
        The text cannot be read as YAML at the moment; the form is back once it can.
      </p>
    )
  }
  const set = (path: readonly string[], value: Json | undefined): void => {
    const edited = setValue(text, [...shape.path, ...path], value)
    if (edited !== null) onEdit(edited)
  }
  const picker = (pick: (expression: string) => void): ReactNode => (
    <ValuePicker workflow={workflow} step={step} onPick={pick} />
  )
  return (
    // Another step is another form.
    <fieldset key={step} disabled={isReadOnly} className="grid min-w-0 gap-3 p-4">
      <legend className="sr-only">Step {step}</legend>
      <EditField
        key={step}
        label="Name"
        value={step}
        read={(typed) => {
          const name = typed.trim()
          if (name === step) return { value: name }
          const renamed = renameStep(text, section, step, name)
          return 'wrong' in renamed ? renamed : { value: name }
        }}
        onCommit={(value) => {
          const name = showInput(value)
          const renamed = renameStep(text, section, step, name)
          if ('text' in renamed) onRename(renamed.text, name)
        }}
      />
      {'use' in shape.fields && <ActionFields shape={shape} onSet={set} picker={picker} />}
      {otherFields(shape).map(({ path, label, help, isLong = false, isYaml = false, isBare }) => {
        const value = showInput(path.reduce<unknown>(memberOf, shape.fields))
        return (
          <EditField
            key={`${path.join('.')} ${value}`}
            label={label}
            value={value}
            isLong={isLong}
            read={isYaml ? readYaml : (typed) => readInput('line', typed)}
            onCommit={(changed) => set(path, changed)}
            {...(help !== undefined && { help })}
            {...(isBare !== undefined && {
              picker: (pick) => picker((found) => pick(isBare ? found : `\${{ ${found} }}`)),
            })}
          />
        )
      })}
    </fieldset>
  )
}

interface OtherField {
  readonly path: readonly string[]
  readonly label: string
  readonly help?: string
  readonly isLong?: boolean
  /** Any value, not only text. */
  readonly isYaml?: boolean
  /** Takes expressions: bare, or between `${{` and `}}`. */
  readonly isBare?: boolean
}

const DURATION = 'Such as 500ms, 2s, 10m or 4h.'

const OF_KIND: Readonly<Record<string, readonly OtherField[]>> = {
  value: [{ path: ['value'], label: 'Value', isLong: true, isBare: false }],
  sleep: [{ path: ['sleep'], label: 'Waits for', help: DURATION }],
  wait_for: [
    { path: ['wait_for'], label: 'Event', help: 'Such as sms.received.' },
    { path: ['match'], label: 'Match (optional)', isBare: true },
    { path: ['within'], label: 'Within', help: DURATION },
  ],
  human: [
    { path: ['human', 'title'], label: 'Question', isBare: false },
    { path: ['human', 'assign'], label: 'For', help: 'Such as team:support-leads.' },
    { path: ['human', 'within'], label: 'Within', help: DURATION },
  ],
  tag: [{ path: ['tag'], label: 'Tag', isBare: false }],
  emit: [{ path: ['emit'], label: 'Event' }],
}

function otherFields({ fields, isPreCall }: StepShape): readonly OtherField[] {
  const own = Object.entries(OF_KIND).flatMap(([kind, list]) => (kind in fields ? list : []))
  const condition: OtherField = {
    path: ['if'],
    label: 'Only if (optional)',
    help: 'An expression; the step is skipped when it is false.',
    isBare: true,
  }
  const timeout: OtherField = {
    path: ['timeout'],
    label: 'Time-out (optional)',
    help: DURATION,
  }
  const standard: OtherField = {
    path: ['default'],
    label: 'Default (optional)',
    help: 'What it yields when it fails or is cut.',
    isLong: true,
    isYaml: true,
  }
  const isAction = 'use' in fields
  return [...own, condition, ...(isAction ? [timeout] : []), ...(isPreCall ? [standard] : [])]
}

const memberOf = (value: unknown, name: string): unknown => asRecord(value)[name]
