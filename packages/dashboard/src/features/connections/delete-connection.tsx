import type { Connection } from '@bookend/contract'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { useDeleteConnection } from './queries.ts'

export function DeleteConnection({ connection: { name } }: { connection: Connection }) {
  const [isAsking, setIsAsking] = useState(false)
  const remove = useDeleteConnection(name)
  const navigate = useNavigate()
  return (
    <>
      <Button look="danger" onClick={() => setIsAsking(true)}>
        Delete connection
      </Button>
      <Confirm
        isOpen={isAsking}
        title={`Delete ${name}?`}
        action="Delete connection"
        busy={remove.isPending}
        error={remove.error}
        onClose={() => {
          setIsAsking(false)
          remove.reset()
        }}
        onConfirm={() =>
          remove.mutate(undefined, { onSuccess: () => void navigate({ to: '/connections' }) })
        }
      >
        <p>Its credential is deleted with it, and cannot be read out before.</p>
      </Confirm>
    </>
  )
}
