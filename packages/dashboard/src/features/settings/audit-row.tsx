import type { AuditEntry } from '@bookend/contract'
import { Link } from '@tanstack/react-router'
import { Id } from '../../ui/copy-text.tsx'
import { Instant } from '../../ui/instant.tsx'

const SYSTEM = 'the server itself'

export function AuditRow({ entry }: { entry: AuditEntry }) {
  const { created_at, actor, action, target, fields, ip } = entry
  const { kind, key_id, label } = actor
  return (
    <tr>
      <td className="whitespace-nowrap text-muted">
        <Instant at={created_at} />
      </td>
      <td>
        {kind === 'system' ? SYSTEM : label === '' ? 'a key without a label' : label}
        {key_id !== null && (
          <Link
            to="/settings/$section"
            params={{ section: 'audit' }}
            search={{ key: key_id }}
            title="Only this key’s entries"
            className="block font-mono text-xs text-muted underline"
          >
            {key_id}
          </Link>
        )}
      </td>
      <td>
        <Link
          to="/settings/$section"
          params={{ section: 'audit' }}
          search={{ action }}
          title="Only entries of this kind"
          className="underline"
        >
          {renderAction(action)}
        </Link>
      </td>
      <td>
        <Target target={target} />
      </td>
      <td className="text-xs [overflow-wrap:anywhere] text-muted max-md:hidden">
        {fields.join(', ')}
      </td>
      <td className="text-xs text-muted max-lg:hidden">{ip}</td>
    </tr>
  )
}

function Target({ target }: { target: string | null }) {
  if (target === null) return null
  if (UUID.test(target)) return <Id id={target} label="Copy id" />
  return <span className="font-mono text-xs [overflow-wrap:anywhere]">{target}</span>
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** `createKey` reads `create key`. */
const renderAction = (action: string): string =>
  action.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
