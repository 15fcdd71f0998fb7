import type { ApiKey } from '@bookend/contract'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Failed } from '../../ui/failed.tsx'
import { Instant } from '../../ui/instant.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { TableFrame } from '../../ui/table-frame.tsx'
import { CreateKey } from './create-key.tsx'
import { useDeleteKey, useKeys } from './queries.ts'

/** Keys of programs: made, shown once, revoked. */
export function Keys() {
  const { data: keys, error, refetch } = useKeys()
  return (
    <>
      <CreateKey />
      {keys === undefined ? (
        error === null ? (
          <Skeleton what="the keys" rows={3} />
        ) : (
          <Failed what="The keys" error={error} retry={() => void refetch()} />
        )
      ) : (
        <TableFrame label="API keys">
          <thead>
            <tr>
              <th scope="col">Key</th>
              <th scope="col">Scopes</th>
              <th scope="col" className="max-sm:hidden">
                Made
              </th>
              <th scope="col">Last used</th>
              <th scope="col">
                <span className="sr-only">Revoke</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {keys.map((key) => (
              <KeyRow key={key.id} apiKey={key} />
            ))}
          </tbody>
        </TableFrame>
      )}
    </>
  )
}

function KeyRow({ apiKey: { id, label, scopes, created_at, last_used_at } }: { apiKey: ApiKey }) {
  const [isAsking, setIsAsking] = useState(false)
  const revoke = useDeleteKey()
  const name = label === '' ? 'without a label' : label
  return (
    <tr>
      <td>
        <span className="[overflow-wrap:anywhere]">{name}</span>
        <code className="block font-mono text-xs text-muted">bk_{id}_…</code>
      </td>
      <td>{scopes.join(', ')}</td>
      <td className="text-muted max-sm:hidden">
        <Instant at={created_at} />
      </td>
      <td className="text-muted">
        {last_used_at === null ? 'never' : <Instant at={last_used_at} />}
      </td>
      <td className="text-right">
        <Button onClick={() => setIsAsking(true)}>
          Revoke<span className="sr-only"> {name}</span>
        </Button>
        <Confirm
          isOpen={isAsking}
          title={`Revoke the key ${name}?`}
          action="Revoke key"
          busy={revoke.isPending}
          error={revoke.error}
          onClose={() => {
            setIsAsking(false)
            revoke.reset()
          }}
          onConfirm={() => revoke.mutate(id, { onSuccess: () => setIsAsking(false) })}
        >
          <p>What uses it is refused from the next request on, and sessions that it opened end.</p>
        </Confirm>
      </td>
    </tr>
  )
}
