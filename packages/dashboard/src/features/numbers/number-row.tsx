import type { Agent, PhoneNumber } from '@bookend/contract'
import { findFailure } from '../../api/failure.ts'
import { useAssignAgent } from './queries.ts'

interface NumberRowProps {
  number: PhoneNumber
  agents: readonly Agent[]
  mayWrite: boolean
}

export function NumberRow({ number, agents, mayWrite }: NumberRowProps) {
  const assign = useAssignAgent()
  const { id, agent_id: agentId } = number
  return (
    <tr>
      <td className="font-semibold">{number.number}</td>
      <td className="max-sm:hidden">
        {number.label === '' ? <span className="text-muted">–</span> : number.label}
      </td>
      <td>
        {mayWrite ? (
          <select
            aria-label={`Agent of ${number.number}`}
            value={agentId ?? ''}
            disabled={assign.isPending}
            onChange={({ target }) =>
              assign.mutate({ id, agentId: target.value === '' ? null : target.value })
            }
            className="h-8 w-full max-w-64 min-w-0 rounded-control max-sm:w-40 border border-control bg-surface px-2"
          >
            <option value="">Nobody, does not answer</option>
            {agents.map((agent) => (
              <option key={agent.id} value={agent.id}>
                {agent.name}
              </option>
            ))}
          </select>
        ) : (
          (agents.find((agent) => agent.id === agentId)?.name ?? 'nobody')
        )}
        {assign.error !== null && (
          <p role="alert" className="text-xs text-failed-ink">
            {findFailure(assign.error).detail}
          </p>
        )}
      </td>
    </tr>
  )
}
