import { command } from '../command.ts'
import { connect, connectionArgs } from '../connection.ts'
import { renderTable } from '../render/table.ts'

const LIMIT = 200

export const agents = command({
  description: 'List agents, the numbers they answer and the workflow before the first word',
  args: { json: { type: 'boolean', description: 'As JSON' }, ...connectionArgs },
  examples: ['bookend agents', 'bookend agents --json'],
  async run(args, io) {
    const { client } = connect(args, io)
    const [{ agents: list }, { numbers }] = await Promise.all([
      client.call('listAgents', { query: { limit: LIMIT } }),
      client.call('listNumbers', { query: { limit: LIMIT } }),
    ])
    if (args.json) return io.print(JSON.stringify({ agents: list, numbers }, null, 2))
    if (list.length === 0) {
      return io.print('No agent yet; add one in the dashboard or with POST /api/v1/agents.')
    }
    const numbersOf = (id: string | null): string =>
      numbers
        .filter(({ agent_id: agentId }) => agentId === id)
        .map(({ number }) => number)
        .join(', ')
    const rows = list.map((agent) => {
      const isOn = agent.pre_call_webhook_enabled && agent.pre_call_webhook_url !== null
      const workflow = isOn ? (agent.pre_call_webhook_url ?? '') : 'none'
      const waits = `${agent.pre_call_webhook_timeout} s`
      return [agent.name, numbersOf(agent.id) || 'none', workflow, waits, agent.id]
    })
    const heading = ['agent', 'answers', 'pre-call workflow', 'waits', 'id']
    for (const line of renderTable(heading, rows, io.style)) io.print(line)
    const unanswered = numbersOf(null)
    if (unanswered !== '') io.print(io.style.yellow(`Numbers without an agent: ${unanswered}`))
  },
})
