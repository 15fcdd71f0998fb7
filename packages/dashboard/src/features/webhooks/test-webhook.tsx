import { findFailure } from '../../api/failure.ts'
import { Button } from '../../ui/button.tsx'
import { DeliveryAttempt } from '../deliveries/delivery-attempt.tsx'
import { useDelivery } from '../deliveries/queries.ts'
import { useTestWebhook } from './queries.ts'

/** Sends a test, and shows what the endpoint answers as it comes in. */
export function TestWebhook({ id }: { id: string }) {
  const send = useTestWebhook(id)
  const deliveryId = send.data?.delivery_id ?? null
  const { data: delivery } = useDelivery(deliveryId)
  const attempt = delivery?.attempt_log.at(-1)
  return (
    <>
      <Button busy={send.isPending} onClick={() => send.mutate()}>
        Send test
      </Button>
      {send.error !== null && (
        <p role="alert" className="self-center text-xs text-failed-ink">
          {findFailure(send.error).detail}
        </p>
      )}
      {deliveryId !== null && (
        <section
          aria-label="Test"
          className="order-last w-full rounded-card border border-border"
          aria-live="polite"
        >
          {attempt === undefined ? (
            <p className="px-4 py-3 text-muted">Sent; waiting for the answer.</p>
          ) : (
            <ol>
              <DeliveryAttempt attempt={attempt} />
            </ol>
          )}
        </section>
      )}
    </>
  )
}
