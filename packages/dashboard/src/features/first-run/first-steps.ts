// What a workspace needs before a call can be answered, and whether it is there.

import type { Agent, PhoneNumber, Workflow } from '@bookend/contract'

export interface FirstStep {
  name: string
  /** What is there, or why it is needed. */
  help: string
  isDone: boolean
  /** A call is answered without it. */
  isOptional: boolean
  to: '/agents/new' | '/agents' | '/numbers' | '/workflows'
  action: string
}

interface Known {
  agents: readonly Agent[]
  numbers: readonly PhoneNumber[]
  workflows: readonly Workflow[]
}

const WORKFLOW_PREFIX = 'workflow:'

export function findFirstSteps({ agents, numbers, workflows }: Known): FirstStep[] {
  const answered = numbers.filter(({ agent_id }) => agent_id !== null)
  const preCalls = workflows.filter(({ kind }) => kind === 'pre-call').map(({ name }) => name)
  const isUsed = agents.some(
    ({ pre_call_webhook_url: url, pre_call_webhook_enabled: isOn }) => isOn && url !== null,
  )
  const lost = agents
    .map(({ pre_call_webhook_url: url }) => url)
    .filter((url) => url?.startsWith(WORKFLOW_PREFIX) === true)
    .find((url) => !preCalls.includes(url?.slice(WORKFLOW_PREFIX.length) ?? ''))
  return [
    {
      name: 'An agent',
      help:
        agents.length === 0
          ? 'Its prompt, first words and parameters are what a call is answered with.'
          : agents.map(({ name }) => name).join(', '),
      isDone: agents.length > 0,
      isOptional: false,
      to: '/agents/new',
      action: 'Create an agent',
    },
    {
      name: 'A number that it answers',
      help:
        answered.length === 0
          ? 'A call to the number is answered by the agent that is assigned to it.'
          : answered.map(({ number }) => number).join(', '),
      isDone: answered.length > 0,
      isOptional: false,
      to: '/numbers',
      action: numbers.length === 0 ? 'Add a number' : 'Assign an agent',
    },
    workflowStep({ preCalls, isUsed, lost }),
  ]
}

interface WorkflowFacts {
  preCalls: readonly string[]
  isUsed: boolean
  lost: string | null | undefined
}

function workflowStep({ preCalls, isUsed, lost }: WorkflowFacts): FirstStep {
  const base = { name: 'A workflow before the call', isOptional: true } as const
  if (lost != null) {
    const name = lost.slice(WORKFLOW_PREFIX.length)
    const help = `An agent names ${name}, which this server does not have: it is told defaults.`
    return { ...base, help, isDone: false, to: '/agents', action: 'Open the agents' }
  }
  if (isUsed) {
    const help = preCalls.length === 0 ? 'Asked at its own URL.' : preCalls.join(', ')
    return { ...base, help, isDone: true, to: '/workflows', action: 'Open the workflows' }
  }
  const help =
    preCalls.length === 0
      ? 'Looks the caller up before the first word. A file name.pre-call.ts or .yaml makes one.'
      : `No agent uses ${preCalls.join(', ')} yet: choose it on the agent.`
  return preCalls.length === 0
    ? { ...base, help, isDone: false, to: '/workflows', action: 'See the workflows' }
    : { ...base, help, isDone: false, to: '/agents', action: 'Open the agents' }
}
