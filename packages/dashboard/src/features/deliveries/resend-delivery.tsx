import type { Delivery } from '@bookend/contract'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { useResendDelivery } from './queries.ts'

interface ResendDeliveryProps {
  delivery: Delivery
  url: string
}

export function ResendDelivery({ delivery, url }: ResendDeliveryProps) {
  const [isAsking, setIsAsking] = useState(false)
  const resend = useResendDelivery(delivery.id)
  return (
    <>
      <Button onClick={() => setIsAsking(true)}>Resend</Button>
      <Confirm
        isOpen={isAsking}
        title="Send this delivery again?"
        action="Resend delivery"
        busy={resend.isPending}
        error={resend.error}
        onClose={() => {
          setIsAsking(false)
          resend.reset()
        }}
        onConfirm={() => resend.mutate(undefined, { onSuccess: () => setIsAsking(false) })}
      >
        <p>
          {delivery.event_type} goes to {url} at once, under the same event id and on a fresh
          schedule. An endpoint that keeps event ids knows it again.
        </p>
      </Confirm>
    </>
  )
}
