import type { Subscription } from '@bookend/contract'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { useUpdateWebhook } from './queries.ts'
import { draftOf } from './webhook-draft.ts'
import { WebhookForm } from './webhook-form.tsx'

export function EditWebhook({ webhook }: { webhook: Subscription }) {
  const [isOpen, setIsOpen] = useState(false)
  const update = useUpdateWebhook(webhook.id)
  const close = (): void => {
    setIsOpen(false)
    update.reset()
  }
  if (!isOpen) return <Button onClick={() => setIsOpen(true)}>Edit</Button>
  return (
    <div className="order-last w-full rounded-card border border-border p-4">
      <WebhookForm
        initial={draftOf(webhook)}
        action="Save webhook"
        busy={update.isPending}
        error={update.error}
        onSubmit={(fields) => update.mutate(fields, { onSuccess: close })}
      >
        <Button onClick={close}>Cancel</Button>
      </WebhookForm>
    </div>
  )
}
