import type { AgentWarning } from '@bookend/contract'
import { Notice } from '../../ui/notice.tsx'

/** What the server noticed about an agent it has saved all the same. */
export function Warnings({ warnings }: { warnings: readonly AgentWarning[] }) {
  if (warnings.length === 0) return null
  return (
    <Notice state="default" title="Saved, but look at this:">
      <ul className="list-disc pl-4">
        {warnings.map(({ code, name, message }) => (
          <li key={`${code} ${name}`}>{message}</li>
        ))}
      </ul>
    </Notice>
  )
}
