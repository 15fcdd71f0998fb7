import { AlertDialog } from '@base-ui/react/alert-dialog'
import type { WorkflowCheck } from '@bookend/contract'
import { useRef } from 'react'
import { findFailure } from '../../../api/failure.ts'
import { Button } from '../../../ui/button.tsx'
import { useAgents } from '../../agents/queries.ts'
import { TextDiff } from '../diff/text-diff.tsx'

interface ReviewProps {
  isOpen: boolean
  name: string
  /** The text in use; null: there is none. */
  before: string | null
  after: string
  /** The verdict on the text as it is; null while it is awaited. */
  check: WorkflowCheck | null
  busy: boolean
  error: Error | null
  onPublish: () => void
  onClose: () => void
}

/** What publishing would change, and for whom. */
export function Review(props: ReviewProps) {
  const { isOpen, name, before, after, check, busy, error, onPublish, onClose } = props
  const publish = useRef<HTMLButtonElement>(null)
  const isReady = check?.valid === true
  const wrong = describeWrong(check, error)
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-[rgb(10_13_17/0.5)]" />
        <AlertDialog.Popup
          initialFocus={publish}
          className="fixed top-1/2 left-1/2 z-50 grid max-h-[calc(100dvh-2rem)] w-[min(48rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 gap-3 overflow-y-auto rounded-card border border-border bg-surface p-6 shadow-float"
        >
          <AlertDialog.Title className="text-base font-semibold">Publish {name}?</AlertDialog.Title>
          <AlertDialog.Description className="text-muted">
            <Effect name={name} kind={check?.kind ?? null} />
          </AlertDialog.Description>
          <TextDiff
            label={before === null ? 'The new text' : 'Changes to what is in use'}
            before={before ?? ''}
            after={after}
          />
          <p role="alert" className="text-failed-ink empty:hidden">
            {wrong}
          </p>
          <div className="flex flex-wrap justify-end gap-2">
            <AlertDialog.Close render={<Button />}>Cancel</AlertDialog.Close>
            <Button
              ref={publish}
              look="primary"
              busy={busy}
              aria-disabled={!isReady}
              onClick={() => isReady && onPublish()}
            >
              {check === null ? 'Checking…' : `Publish ${name}`}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}

function describeWrong(check: WorkflowCheck | null, error: Error | null): string | null {
  if (error !== null) return `${findFailure(error).title}. ${findFailure(error).detail}`
  if (check === null || check.valid) return null
  return 'The text has problems; mend them first.'
}

function Effect({ name, kind }: { name: string; kind: WorkflowCheck['kind'] }) {
  const { data: agents = [] } = useAgents()
  if (kind === 'journey') {
    return 'It starts with the next event it is for. Runs under way keep the version they began with.'
  }
  const users = agents.filter(({ pre_call_webhook_url: url }) => url === `workflow:${name}`)
  if (users.length === 0) return 'No agent uses it yet.'
  const names = users.map((agent) => agent.name).join(', ')
  const who = users.length === 1 ? 'One agent takes' : `${users.length} agents take`
  return `${who} it with the next call: ${names}.`
}
