import type { Agent } from '@bookend/contract'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { useDeleteAgent } from './queries.ts'

export function DeleteAgent({ agent }: { agent: Agent }) {
  const [isAsking, setIsAsking] = useState(false)
  const remove = useDeleteAgent()
  const navigate = useNavigate()
  return (
    <>
      <Button look="danger" onClick={() => setIsAsking(true)}>
        Delete agent
      </Button>
      <Confirm
        isOpen={isAsking}
        title={`Delete ${agent.name}?`}
        action={`Delete ${agent.name}`}
        busy={remove.isPending}
        error={remove.error}
        onClose={() => {
          setIsAsking(false)
          remove.reset()
        }}
        onConfirm={() =>
          remove.mutate(agent.id, { onSuccess: () => void navigate({ to: '/agents' }) })
        }
      >
        <p>
          Its past calls stay. An agent that still answers a number is kept: give that number
          another agent first.
        </p>
      </Confirm>
    </>
  )
}
