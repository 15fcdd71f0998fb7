import { Card } from '../../ui/card.tsx'
import { Check, Field } from '../../ui/field.tsx'
import type { AgentForm, FieldErrors } from './agent-form.ts'
import { Placeholders } from './placeholders-list.tsx'
import { TargetField } from './target-field.tsx'
import { TokenField } from './token-field.tsx'

interface AgentFieldsProps {
  form: AgentForm
  errors: FieldErrors
  /** The token that is stored, masked; null when there is none. */
  tokenMask: string | null
  /** The address that the stored token was given for. */
  storedTarget: string | null
  onChange: (change: Partial<AgentForm>) => void
}

export function AgentFields(props: AgentFieldsProps) {
  const { form, errors, tokenMask, storedTarget, onChange } = props
  return (
    <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-2">
      <Card title="What the agent says">
        <div className="grid grid-cols-1 gap-4">
          <Field label="Name" error={errors.get('name')}>
            {(control) => (
              <input
                {...control}
                value={form.name}
                onChange={({ target }) => onChange({ name: target.value })}
              />
            )}
          </Field>
          <Field
            label="Prompt"
            error={errors.get('prompt')}
            help="{{name}} is replaced by the parameter of that name when a call comes in."
          >
            {(control) => (
              <textarea
                {...control}
                rows={12}
                value={form.prompt}
                onChange={({ target }) => onChange({ prompt: target.value })}
              />
            )}
          </Field>
          <Field
            label="First message"
            error={errors.get('first_message')}
            help="The first thing the agent says; empty leaves it to the prompt."
          >
            {(control) => (
              <textarea
                {...control}
                rows={2}
                value={form.firstMessage}
                onChange={({ target }) => onChange({ firstMessage: target.value })}
              />
            )}
          </Field>
          <Placeholders form={form} />
        </div>
      </Card>
      <Card title="Before the call">
        <div className="grid grid-cols-1 gap-4">
          <Check
            label="Ask a workflow before the agent speaks"
            checked={form.isEnabled}
            onChange={(isEnabled) => onChange({ isEnabled })}
            help="While this is off, the agent is told its default parameters only."
          />
          <TargetField
            value={form.target}
            error={errors.get('pre_call_webhook_url')}
            onChange={(target) => onChange({ target })}
          />
          <Field
            label="Timeout, in seconds"
            error={errors.get('pre_call_webhook_timeout')}
            help="How long the platform waits, 0.1 to 30. Bookend answers up to 500 ms earlier with what it has."
          >
            {(control) => (
              <input
                {...control}
                inputMode="decimal"
                className={`${control.className} max-w-32`}
                value={form.timeoutSeconds}
                onChange={({ target }) => onChange({ timeoutSeconds: target.value })}
              />
            )}
          </Field>
          <TokenField
            mask={tokenMask}
            edit={form.token}
            error={errors.get('pre_call_webhook_auth_token')}
            target={form.target}
            storedTarget={storedTarget}
            onChange={(token) => onChange({ token })}
          />
          <Field
            label="Default parameters, as JSON"
            error={errors.get('default_parameters')}
            help="What the agent is told when nothing better is known. What comes with the call, then what the workflow answers, goes before them."
          >
            {(control) => (
              <textarea
                {...control}
                rows={6}
                spellCheck={false}
                className={`${control.className} font-mono text-xs`}
                value={form.defaults}
                onChange={({ target }) => onChange({ defaults: target.value })}
              />
            )}
          </Field>
        </div>
      </Card>
    </div>
  )
}
