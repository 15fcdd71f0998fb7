import type { Subscription } from '@bookend/contract'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { useDeleteWebhook } from './queries.ts'

export function DeleteWebhook({ webhook }: { webhook: Subscription }) {
  const [isAsking, setIsAsking] = useState(false)
  const remove = useDeleteWebhook()
  const navigate = useNavigate()
  return (
    <>
      <Button look="danger" onClick={() => setIsAsking(true)}>
        End subscription
      </Button>
      <Confirm
        isOpen={isAsking}
        title="End this subscription?"
        action="End subscription"
        busy={remove.isPending}
        error={remove.error}
        onClose={() => {
          setIsAsking(false)
          remove.reset()
        }}
        onConfirm={() =>
          remove.mutate(webhook.id, { onSuccess: () => void navigate({ to: '/webhooks' }) })
        }
      >
        <p>Nothing more is sent to {webhook.url}, and what still waits to be sent is dropped.</p>
      </Confirm>
    </>
  )
}
