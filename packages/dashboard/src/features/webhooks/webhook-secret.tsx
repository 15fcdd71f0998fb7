import { useState } from 'react'
import { findFailure } from '../../api/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Instant } from '../../ui/instant.tsx'
import { useRotateSecret, useWebhookSecret } from './queries.ts'

/** The signing secret, shown only when asked for, and made anew. */
export function WebhookSecret({ id }: { id: string }) {
  const [isAsking, setIsAsking] = useState(false)
  const shown = useWebhookSecret()
  const rotated = useRotateSecret(id)
  const secret = rotated.data?.secret ?? shown.data?.secret
  const hide = (): void => {
    shown.reset()
    rotated.reset()
  }
  return (
    <>
      {secret === undefined ? (
        <Button busy={shown.isPending} onClick={() => shown.mutate(id)}>
          Show secret
        </Button>
      ) : (
        <span className="inline-flex min-h-8 min-w-0 flex-wrap items-center gap-2 rounded-control bg-sunken px-3 [overflow-wrap:anywhere]">
          <CopyText text={secret} label="Copy secret" />
          {rotated.data !== undefined && (
            <span className="text-xs text-muted">
              The one before signs beside it until{' '}
              <Instant at={rotated.data.previous_valid_until} />.
            </span>
          )}
          <Button look="quiet" onClick={hide}>
            Hide secret
          </Button>
        </span>
      )}
      {shown.error !== null && (
        <span role="alert" className="self-center text-xs text-failed-ink">
          {findFailure(shown.error).detail}
        </span>
      )}
      <Button onClick={() => setIsAsking(true)}>Rotate secret</Button>
      <Confirm
        isOpen={isAsking}
        title="Make a new signing secret?"
        action="Rotate secret"
        busy={rotated.isPending}
        error={rotated.error}
        onClose={() => setIsAsking(false)}
        onConfirm={() => rotated.mutate(undefined, { onSuccess: () => setIsAsking(false) })}
      >
        <p>
          Deliveries are signed with both secrets for a day. Give the endpoint the new one within
          that time; after it, the one of now signs nothing.
        </p>
      </Confirm>
    </>
  )
}
