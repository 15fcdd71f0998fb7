import type { Platform } from '@bookend/contract'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { labelOf, useDeletePlatform } from './queries.ts'

export function DeletePlatform({ platform }: { platform: Platform }) {
  const [isAsking, setIsAsking] = useState(false)
  const remove = useDeletePlatform(platform)
  const navigate = useNavigate()
  return (
    <>
      <Button look="danger" onClick={() => setIsAsking(true)}>
        Disconnect platform
      </Button>
      <Confirm
        isOpen={isAsking}
        title={`Disconnect ${labelOf(platform)}?`}
        action="Disconnect platform"
        busy={remove.isPending}
        error={remove.error}
        onClose={() => {
          setIsAsking(false)
          remove.reset()
        }}
        onConfirm={() =>
          remove.mutate(undefined, { onSuccess: () => void navigate({ to: '/platforms' }) })
        }
      >
        <p>
          Its two addresses answer nobody from then on: the platform’s callers get what it tells
          them by itself. Its calls stay here. Its secrets are deleted, and cannot be read out
          before.
        </p>
      </Confirm>
    </>
  )
}
