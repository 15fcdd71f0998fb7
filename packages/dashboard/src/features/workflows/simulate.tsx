// Simulate: a made-up call, run here and now. Reads are real, writes are not made, nothing is kept.

import { type FormEvent, useState } from 'react'
import { findFailure, findFieldErrors } from '../../api/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Field } from '../../ui/field.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { useAgents } from '../agents/queries.ts'
import { PreCallCard } from '../runs/pre-call-card.tsx'
import { useSimulation } from './queries.ts'

export function Simulate({ name }: { name: string }) {
  const [from, setFrom] = useState('+15550100001')
  const [to, setTo] = useState('+15550100900')
  const [agentId, setAgentId] = useState('')
  const [step, setStep] = useState<string | null>(null)
  const { data: agents = [] } = useAgents()
  const simulation = useSimulation(name)
  const errors = findFieldErrors(simulation.error)

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setStep(null)
    simulation.mutate({
      from_number: from.trim(),
      to_number: to.trim(),
      ...(agentId !== '' && { agent_id: agentId }),
    })
  }

  const made = simulation.data
  return (
    <>
      <Card title="Simulate a call">
        <form noValidate onSubmit={submit} className="flex flex-wrap items-start gap-3">
          <Field label="From" error={errors.get('from_number')}>
            {(control) => (
              <input
                {...control}
                inputMode="tel"
                value={from}
                onChange={({ target }) => setFrom(target.value)}
              />
            )}
          </Field>
          <Field label="To" error={errors.get('to_number')}>
            {(control) => (
              <input
                {...control}
                inputMode="tel"
                value={to}
                onChange={({ target }) => setTo(target.value)}
              />
            )}
          </Field>
          <Field label="Agent" error={errors.get('agent_id')}>
            {(control) => (
              <select
                {...control}
                value={agentId}
                onChange={({ target }) => setAgentId(target.value)}
              >
                <option value="">No agent, parameters only</option>
                {agents.map((agent) => (
                  <option key={agent.id} value={agent.id}>
                    {agent.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Button type="submit" look="primary" busy={simulation.isPending} className="mt-5">
            Simulate {name}
          </Button>
        </form>
        <p className="mt-2 text-xs text-muted">
          The workflow reads from its real connections. Nothing is written and nothing is stored.
        </p>
        {simulation.error !== null && errors.size === 0 && (
          <p role="alert" className="mt-2 text-failed-ink">
            {findFailure(simulation.error).title}. {findFailure(simulation.error).detail}
          </p>
        )}
      </Card>
      {made !== undefined && (
        <>
          <PreCallCard
            title="Simulated, nothing was sent"
            run={made.run}
            selected={step}
            onSelect={setStep}
          />
          <Card title="What the agent would be told">
            <JsonView value={made.parameters} label="Parameters" />
            {made.agent !== null && (
              <div className="mt-3 grid gap-2">
                {made.agent.first_message !== null && (
                  <p>
                    <span className="block text-xs text-muted">First message</span>
                    {made.agent.first_message}
                  </p>
                )}
                <p className="whitespace-pre-wrap">
                  <span className="block text-xs text-muted">Prompt</span>
                  {made.agent.prompt}
                </p>
              </div>
            )}
          </Card>
        </>
      )}
    </>
  )
}
