import { StateGlyph } from '../../ui/state-badge.tsx'
import { type AgentForm, parseForm } from './agent-form.ts'
import { findPlaceholders } from './placeholders.ts'

/** What prompt and first message ask for, and whether a default stands behind it. */
export function Placeholders({ form }: { form: AgentForm }) {
  const names = findPlaceholders(form.prompt, form.firstMessage)
  const parsed = parseForm({ ...form, name: 'any', timeoutSeconds: '5', token: { kind: 'keep' } })
  const defaults = parsed.ok ? parsed.fields.default_parameters : {}
  return (
    <section aria-label="Placeholders">
      <h3 className="text-xs font-semibold">Placeholders</h3>
      {names.length === 0 ? (
        <p className="mt-1 text-xs text-muted">
          None. Write {'{{customer_name}}'} in the prompt to use a parameter.
        </p>
      ) : (
        <ul className="mt-1 flex flex-wrap gap-x-4 gap-y-1">
          {names.map((name) => {
            const value = defaults[name]
            return (
              <li key={name} className="inline-flex items-center gap-1.5 text-xs">
                <StateGlyph state={value === undefined ? 'default' : 'ok'} />
                <code className="font-mono">{name}</code>
                <span className="text-muted">
                  {value === undefined ? 'no default' : `default ${JSON.stringify(value)}`}
                </span>
              </li>
            )
          })}
        </ul>
      )}
    </section>
  )
}
