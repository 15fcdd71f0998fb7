import { StateGlyph } from '../../ui/state-badge.tsx'
import { useWorkflows } from '../workflows/queries.ts'
import { type AgentForm, parseForm } from './agent-form.ts'
import { findPlaceholders } from './placeholders.ts'

/** What prompt and first message ask for, and who stands behind each of them. */
export function Placeholders({ form }: { form: AgentForm }) {
  const { data: workflows = [] } = useWorkflows()
  const names = findPlaceholders(form.prompt, form.firstMessage)
  const parsed = parseForm({ ...form, name: 'any', timeoutSeconds: '5', token: { kind: 'keep' } })
  const defaults = parsed.ok ? parsed.fields.default_parameters : {}
  const workflow = form.isEnabled
    ? workflows.find(({ name }) => `workflow:${name}` === form.target.trim())
    : undefined
  return (
    <section aria-label="Placeholders">
      <h3 className="text-xs font-semibold">Placeholders</h3>
      {names.length === 0 ? (
        <p className="mt-1 text-xs text-muted">
          None. Write {'{{customer_name}}'} in the prompt to use a parameter.
        </p>
      ) : (
        <ul className="mt-1 grid gap-1">
          {names.map((name) => {
            const providers = [
              workflow?.parameters.includes(name) === true ? `workflow ${workflow.name}` : null,
              defaults[name] === undefined ? null : `default ${JSON.stringify(defaults[name])}`,
            ].filter((provider) => provider !== null)
            return (
              <li key={name} className="flex flex-wrap items-center gap-x-1.5 text-xs">
                <StateGlyph state={providers.length === 0 ? 'default' : 'ok'} />
                <code className="font-mono">{name}</code>
                <span className="text-muted">
                  {providers.length === 0
                    ? 'no workflow here and no default provides it'
                    : providers.join(', else ')}
                </span>
              </li>
            )
          })}
        </ul>
      )}
    </section>
  )
}
