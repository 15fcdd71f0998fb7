import type { Subscription } from '@bookend/contract'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { renderHealthCount } from './health-count.ts'
import { useResendDead } from './queries.ts'

/** One request takes so many, the oldest first. */
const BATCH = 1_000

interface ResendDeadProps {
  webhook: Subscription
  count: number
}

export function ResendDead({ webhook, count }: ResendDeadProps) {
  const [isAsking, setIsAsking] = useState(false)
  const resend = useResendDead(webhook.id)
  const sent = Math.min(count, BATCH)
  const deliveries = sent === 1 ? '1 delivery' : `${sent} deliveries`
  return (
    <>
      <Button onClick={() => setIsAsking(true)}>Resend what was given up</Button>
      {resend.data !== undefined && !isAsking && (
        <output className="ml-3 text-xs text-muted">
          {resend.data.count} are sent again
          {resend.data.remaining > 0 && `, ${renderHealthCount(resend.data.remaining)} are left`}.
        </output>
      )}
      <Confirm
        isOpen={isAsking}
        title={`Resend ${deliveries}?`}
        action={`Resend ${deliveries}`}
        busy={resend.isPending}
        error={resend.error}
        onClose={() => setIsAsking(false)}
        onConfirm={() => resend.mutate(undefined, { onSuccess: () => setIsAsking(false) })}
      >
        <p>
          They go to {webhook.url}, the oldest first, under the same event ids.
          {count > BATCH && ` ${renderHealthCount(count)} were given up; ask again for the rest.`}
        </p>
      </Confirm>
    </>
  )
}
