import { type Person, roles } from '@bookend/contract'
import { useId, useState } from 'react'
import { findFailure } from '../../api/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Instant } from '../../ui/instant.tsx'
import { useDeletePerson, useRenewPersonKey, useUpdatePerson } from './queries.ts'

export function PersonRow({ person }: { person: Person }) {
  const { id, name, email, role, team, last_seen_at } = person
  const selectId = useId()
  const update = useUpdatePerson(id)
  return (
    <tr className="align-top">
      <td className="py-2.5!">
        <span className="font-semibold [overflow-wrap:anywhere]">{name}</span>
        <span className="block text-xs [overflow-wrap:anywhere] text-muted">{email}</span>
      </td>
      <td>
        <label htmlFor={selectId} className="sr-only">
          Role of {name}
        </label>
        <select
          id={selectId}
          value={role}
          disabled={update.isPending}
          onChange={({ target }) => {
            const chosen = roles.find((each) => each === target.value)
            if (chosen !== undefined) update.mutate({ role: chosen })
          }}
          className="h-8 rounded-control border border-control bg-surface px-2"
        >
          {roles.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
        {update.error !== null && (
          <p role="alert" className="mt-1 text-xs text-failed-ink">
            {findFailure(update.error).detail}
          </p>
        )}
      </td>
      <td>{team ?? <span className="text-muted">none</span>}</td>
      <td className="text-muted max-sm:hidden">
        {last_seen_at === null ? 'never' : <Instant at={last_seen_at} />}
      </td>
      <td>
        <span className="flex flex-wrap justify-end gap-2">
          <RenewKey person={person} />
          <RemovePerson person={person} />
        </span>
      </td>
    </tr>
  )
}

function RenewKey({ person: { id, name } }: { person: Person }) {
  const [isAsking, setIsAsking] = useState(false)
  const renew = useRenewPersonKey(id)
  if (renew.data !== undefined) {
    return (
      <span className="inline-flex min-w-0 flex-wrap items-center gap-2 rounded-control bg-sunken px-2">
        <CopyText text={renew.data.key} label={`Copy new key of ${name}`} />
        <Button look="quiet" onClick={() => renew.reset()}>
          I have kept it
        </Button>
      </span>
    )
  }
  return (
    <>
      <Button onClick={() => setIsAsking(true)}>
        New key<span className="sr-only"> for {name}</span>
      </Button>
      <Confirm
        isOpen={isAsking}
        title={`Give ${name} a new key?`}
        action="Make new key"
        busy={renew.isPending}
        error={renew.error}
        onClose={() => setIsAsking(false)}
        onConfirm={() => renew.mutate(undefined, { onSuccess: () => setIsAsking(false) })}
      >
        <p>The key of now ends at once, and every session that it opened.</p>
      </Confirm>
    </>
  )
}

function RemovePerson({ person: { id, name } }: { person: Person }) {
  const [isAsking, setIsAsking] = useState(false)
  const remove = useDeletePerson(id)
  return (
    <>
      <Button onClick={() => setIsAsking(true)}>
        Remove<span className="sr-only"> {name}</span>
      </Button>
      <Confirm
        isOpen={isAsking}
        title={`Remove ${name}?`}
        action={`Remove ${name}`}
        busy={remove.isPending}
        error={remove.error}
        onClose={() => setIsAsking(false)}
        onConfirm={() => remove.mutate(undefined, { onSuccess: () => setIsAsking(false) })}
      >
        <p>Their sessions end at once. What they did stays in the audit log, by their name.</p>
      </Confirm>
    </>
  )
}
