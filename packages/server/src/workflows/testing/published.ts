// Texts that are published in tests, and what is done with them.

import { ApiError, type Client } from '@bookend/sdk/client'

export const NUMBER = '+15550100900'

export const greet = (greeting: string, name = 'intake'): string => `workflow: ${name}
on: pre-call
budget: 1s
parameters:
  greeting: { type: string, default: Hello }
respond:
  parameters:
    greeting: ${greeting}
`

/** Waits for an event, and then does a step that is named for its version. */
export const linger = (mark: string): string => `workflow: linger
on: call.completed
steps:
  word:
    wait_for: word.given
    within: 1h
  ${mark}: { needs: word, tag: ${mark} }
`

/** An agent that asks the workflow, and its number. */
export async function addAgent(client: Client, workflow = 'intake', number = NUMBER) {
  const agent = await client.call('createAgent', {
    body: {
      name: 'Front',
      prompt: 'Say {{greeting}}',
      pre_call_webhook_url: `workflow:${workflow}`,
      pre_call_webhook_timeout: 2,
      pre_call_webhook_enabled: true,
    },
  })
  const added = await client.call('createNumber', { body: { number } })
  await client.call('assignAgent', { params: { id: added.id }, body: { agent_uuid: agent.id } })
  return agent
}

export const publish = (client: Client, name: string, source: string, from?: string) =>
  client.call(
    'publishWorkflow',
    { params: { name }, body: { source } },
    from === undefined ? {} : { headers: { 'if-match': `"${from}"` } },
  )

export async function greetingOf(client: Client, from: string): Promise<unknown> {
  const body = { from_number: from, to_number: NUMBER }
  return (await client.call('inboundCall', { body })).parameters['greeting']
}

export async function refusalOf(work: Promise<unknown>) {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof ApiError && error.problem !== null) return error.problem
  throw new Error('It was not refused')
}
