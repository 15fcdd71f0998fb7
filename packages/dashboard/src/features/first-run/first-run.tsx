// What a new workspace shows: either the one button that makes a call, or what is missing for it.

import type { ReactNode } from 'react'
import { Card } from '../../ui/card.tsx'
import { Failed } from '../../ui/failed.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { StateBadge } from '../../ui/state-badge.tsx'
import { useAgents } from '../agents/queries.ts'
import { useNumbers } from '../numbers/queries.ts'
import { useMay } from '../session/may.ts'
import { useWorkflows } from '../workflows/queries.ts'
import { findFirstSteps, type FirstStep } from './first-steps.ts'
import { MakeCall } from './make-call.tsx'

export function FirstRun() {
  const agents = useAgents()
  const numbers = useNumbers()
  const workflows = useWorkflows()
  const mayCall = useMay('calls')
  const failed = [agents, numbers, workflows].find(({ error }) => error !== null)
  if (failed !== undefined) {
    return <Failed what="The set-up" error={failed.error} retry={() => void failed.refetch()} />
  }
  if (!agents.data || !numbers.data || !workflows.data) return <Skeleton what="the set-up" />
  const known = { agents: agents.data, numbers: numbers.data, workflows: workflows.data }
  const steps = findFirstSteps(known)
  const isReady = steps.every(({ isDone, isOptional }) => isDone || isOptional)
  return (
    <div className="grid max-w-3xl grid-cols-1 gap-4">
      {isReady && (
        <Card title="Make a first call">
          {mayCall ? (
            <MakeCall numbers={known.numbers.filter(({ agent_id }) => agent_id !== null)} />
          ) : (
            <p className="text-muted">This key may not make calls; sign in with one that may.</p>
          )}
        </Card>
      )}
      <Card title={isReady ? 'What is set up' : 'Four steps to the first call'} flush>
        <ol className="divide-y divide-border">
          {steps.map((step) => (
            <StepRow key={step.name} step={step} />
          ))}
          {!isReady && (
            <Row name="Make a call" help="The button appears here once the steps above are done." />
          )}
        </ol>
      </Card>
    </div>
  )
}

function StepRow({ step: { name, help, isDone, isOptional, to, action } }: { step: FirstStep }) {
  return (
    <Row
      name={name}
      help={help}
      badge={
        isDone ? (
          <StateBadge state="ok">done</StateBadge>
        ) : (
          <StateBadge state="wait">{isOptional ? 'if you like' : 'to do'}</StateBadge>
        )
      }
      action={!isDone && <LinkButton to={to}>{action}</LinkButton>}
    />
  )
}

interface RowProps {
  name: string
  help: string
  badge?: ReactNode
  action?: ReactNode
}

function Row({ name, help, badge, action }: RowProps) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex items-center gap-3 font-semibold">
          {name} {badge}
        </p>
        <p className="mt-1 text-muted">{help}</p>
      </div>
      {action}
    </li>
  )
}
