import type { Handoff } from '@bookend/contract'
import { type FormEvent, useId } from 'react'
import { findFailure } from '../../api/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Instant } from '../../ui/instant.tsx'
import { useNow } from '../../ui/use-now.ts'
import { useClaimHandoff, useReassignHandoff, useSnoozeHandoff } from './queries.ts'

const SNOOZE_MS = 1_800_000
const LOOK_MS = 30_000

/** Take it, put it off, give it to somebody else. */
export function HandoffActions({ handoff }: { handoff: Handoff }) {
  const { id, claimed_by, snoozed_until, due_at } = handoff
  const claim = useClaimHandoff(id)
  const snooze = useSnoozeHandoff(id)
  const reassign = useReassignHandoff(id)
  const field = useId()
  const error = claim.error ?? snooze.error ?? reassign.error
  const now = useNow(LOOK_MS)
  const isSnoozed = snoozed_until !== null && new Date(snoozed_until) > now
  const until = new Date(now.getTime() + SNOOZE_MS)

  const give = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const typed = new FormData(event.currentTarget).get('assign')
    const name = typeof typed === 'string' ? typed.trim() : ''
    reassign.mutate(name === '' ? null : name)
    event.currentTarget.reset()
  }

  return (
    <div className="mt-4 grid gap-3">
      <div className="flex flex-wrap gap-2">
        <Button
          busy={claim.isPending}
          disabled={claimed_by !== null}
          onClick={() => claim.mutate(undefined)}
        >
          Take
        </Button>
        {isSnoozed ? (
          <Button busy={snooze.isPending} onClick={() => snooze.mutate(null)}>
            No longer put off
          </Button>
        ) : (
          <Button
            busy={snooze.isPending}
            disabled={until >= new Date(due_at)}
            onClick={() => snooze.mutate(until.toISOString())}
          >
            Put off 30 m
          </Button>
        )}
      </div>
      {isSnoozed && (
        <p className="text-xs text-muted">
          Put off until <Instant at={snoozed_until} />
        </p>
      )}
      <form onSubmit={give} className="flex flex-wrap items-end gap-2">
        <label htmlFor={field} className="text-xs font-semibold">
          Give it to
        </label>
        <input
          id={field}
          name="assign"
          maxLength={100}
          placeholder="a person or team"
          className="h-8 min-w-0 flex-1 rounded-control border border-control bg-surface px-2 placeholder:text-muted"
        />
        <Button type="submit" busy={reassign.isPending}>
          Reassign
        </Button>
      </form>
      <p role="alert" className="text-failed-ink empty:hidden">
        {error !== null && findFailure(error).detail}
      </p>
    </div>
  )
}
