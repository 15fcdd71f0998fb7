import type { Call, Run } from '@bookend/contract'
import { renderMs } from '../../format/duration.ts'
import { RevealButton } from '../reveal/reveal-button.tsx'
import type { Reveal } from '../reveal/use-reveal.ts'
import { callHandle } from '../reveal/with-revealed.ts'
import { Card } from '../../ui/card.tsx'
import { StateGlyph } from '../../ui/state-badge.tsx'
import { useAgent } from '../agents/queries.ts'
import { useWorkflows } from '../workflows/queries.ts'
import { MISSING, renderMissing } from '../runs/missing-words.ts'
import { findKnown, type Known, type ParameterSource } from './parameter-source.ts'

interface KnowledgeProps {
  call: Call
  run: Run | null
  reveal: Reveal
}

/** What the agent was told before its first word, and who said so. */
export function Knowledge({ call, run, reveal }: KnowledgeProps) {
  const { data: agent } = useAgent(call.agent_id)
  const { data: workflows } = useWorkflows()
  const declared = workflows?.find(({ name }) => name === run?.workflow)?.parameters
  const known = findKnown(call, { run, agent, declared })
  const prompt = call.prompt?.prompt_text ?? call.call_prompt
  return (
    <Card
      title="What the agent knew"
      flush
      aside={
        <span className="ml-auto flex flex-wrap gap-2">
          <RevealButton reveal={reveal} handle={callHandle(call, 'params')} what="the values" />
          <RevealButton reveal={reveal} handle={callHandle(call, 'prompt')} what="the prompt" />
        </span>
      }
    >
      {known.length === 0 ? (
        <p className="p-4 text-muted">The agent was told no parameters.</p>
      ) : (
        <table className="bk-table w-full table-fixed">
          <thead>
            <tr>
              <th scope="col">Parameter</th>
              <th scope="col">Value</th>
              <th scope="col">From</th>
            </tr>
          </thead>
          <tbody>
            {known.map((parameter) => (
              <KnownRow key={parameter.name} {...parameter} />
            ))}
          </tbody>
        </table>
      )}
      <div className="grid gap-3 border-t border-border p-4">
        {call.first_message !== null && (
          <div>
            <p className="font-semibold">Greeting</p>
            <p className="mt-1 [overflow-wrap:anywhere]">{call.first_message}</p>
          </div>
        )}
        {prompt === null ? (
          <p className="text-muted">No prompt was recorded for this call.</p>
        ) : (
          <details>
            <summary className="font-semibold">Prompt as the agent got it</summary>
            <p className="mt-2 max-h-96 overflow-auto rounded-control bg-sunken p-3 whitespace-pre-wrap">
              {prompt}
            </p>
          </details>
        )}
      </div>
    </Card>
  )
}

function KnownRow({ name, value, source, missing }: Known) {
  return (
    <tr>
      <th scope="row" className="h-10! text-text! [overflow-wrap:anywhere] whitespace-normal!">
        <code className="font-mono text-xs font-normal">{name}</code>
      </th>
      <td className="[overflow-wrap:anywhere]">
        {value === undefined ? (
          <span className="text-muted">nothing</span>
        ) : (
          <code className="font-mono text-xs">{JSON.stringify(value)}</code>
        )}
      </td>
      <td className="text-xs text-muted">
        {source !== null && renderSource(source)}
        {missing !== null && (
          <span className="flex items-center gap-1.5">
            <StateGlyph state={MISSING[missing.reason].state} />
            {renderMissing(missing)}
          </span>
        )}
        {source?.kind === 'step' && source.step.default_used && (
          <span className="flex items-center gap-1.5">
            <StateGlyph state="default" />
            default used
          </span>
        )}
      </td>
    </tr>
  )
}

function renderSource(source: ParameterSource): string {
  switch (source.kind) {
    case 'step': {
      const { duration_ms, connection, name } = source.step
      const facts = [connection, duration_ms === null ? null : renderMs(duration_ms)]
      return `step ${name} (${facts.filter((fact) => fact !== null).join(', ')})`
    }
    case 'workflow':
      return `workflow ${source.workflow}`
    case 'fallback':
      return `fallback of ${source.workflow}`
    case 'agent_default':
      return 'default of the agent'
    case 'call':
      return 'given with the call'
  }
}
