import { useNavigate } from '@tanstack/react-router'
import { useCreateWebhook } from './queries.ts'
import { emptyDraft } from './webhook-draft.ts'
import { WebhookForm } from './webhook-form.tsx'

export function CreateWebhook({ isOpen }: { isOpen: boolean }) {
  const create = useCreateWebhook()
  const navigate = useNavigate()
  return (
    <details open={isOpen} className="mb-4 rounded-card border border-border bg-surface px-4 py-3">
      <summary className="font-semibold">Subscribe an endpoint</summary>
      <div className="mt-3">
        <WebhookForm
          initial={emptyDraft}
          action="Subscribe endpoint"
          busy={create.isPending}
          error={create.error}
          onSubmit={(fields) =>
            create.mutate(fields, {
              onSuccess: ({ id }) => void navigate({ to: '/webhooks/$id', params: { id } }),
            })
          }
        />
      </div>
    </details>
  )
}
