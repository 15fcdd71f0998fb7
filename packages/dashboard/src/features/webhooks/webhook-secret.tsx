import { findFailure } from '../../api/failure.ts'
import { Button } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { useWebhookSecret } from './queries.ts'

/** The signing secret, shown only when asked for. */
export function WebhookSecret({ id }: { id: string }) {
  const secret = useWebhookSecret()
  if (secret.data !== undefined) {
    return (
      <span className="inline-flex min-h-8 flex-wrap items-center gap-2 rounded-control bg-sunken px-3 [overflow-wrap:anywhere]">
        <CopyText text={secret.data.secret} label="Copy secret" />
        <Button look="quiet" onClick={() => secret.reset()}>
          Hide secret
        </Button>
      </span>
    )
  }
  return (
    <span>
      <Button busy={secret.isPending} onClick={() => secret.mutate(id)}>
        Show secret
      </Button>
      {secret.error !== null && (
        <span role="alert" className="ml-2 text-xs text-failed-ink">
          {findFailure(secret.error).detail}
        </span>
      )}
    </span>
  )
}
