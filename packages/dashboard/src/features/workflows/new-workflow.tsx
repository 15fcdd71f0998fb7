import { WORKFLOW_NAME, type WorkflowKind } from '@bookend/contract'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Field } from '../../ui/field.tsx'

interface NewWorkflowProps {
  taken: readonly string[]
  onClose: () => void
}

/** A name and a kind; the editor begins with a text that can be published as it is. */
export function NewWorkflow({ taken, onClose }: NewWorkflowProps) {
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [kind, setKind] = useState<WorkflowKind>('pre-call')
  const [error, setError] = useState<string>()

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const wrong = findWrong(name, taken)
    setError(wrong)
    if (wrong !== undefined) return
    void navigate({ to: '/workflows/$name/edit', params: { name }, search: { starter: kind } })
  }

  return (
    <Card title="New workflow" className="mb-4">
      <form noValidate onSubmit={submit} className="flex flex-wrap items-start gap-3">
        <Field label="Name" error={error} help="Such as support-intake.">
          {(control) => (
            <input
              {...control}
              // The form was asked for just now.
              // oxlint-disable-next-line jsx-a11y/no-autofocus
              autoFocus
              autoComplete="off"
              spellCheck={false}
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
        <Field label="Runs">
          {(control) => (
            <select
              {...control}
              value={kind}
              onChange={({ target }) =>
                setKind(target.value === 'journey' ? 'journey' : 'pre-call')
              }
            >
              <option value="pre-call">before a call</option>
              <option value="journey">after a call, or on another event</option>
            </select>
          )}
        </Field>
        <div className="mt-5 flex gap-2">
          <Button type="submit" look="primary">
            Write it
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </form>
    </Card>
  )
}

function findWrong(name: string, taken: readonly string[]): string | undefined {
  if (taken.includes(name)) return 'There is one of this name already.'
  if (WORKFLOW_NAME.test(name)) return undefined
  return 'Use small letters, digits and -, and begin with a letter or digit.'
}
