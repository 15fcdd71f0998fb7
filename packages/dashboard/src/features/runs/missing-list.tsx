import type { Run } from '@bookend/contract'
import { StateGlyph } from '../../ui/state-badge.tsx'
import { MISSING, renderMissing } from './missing-words.ts'

export function MissingList({ run: { missing } }: { run: Run }) {
  if (missing.length === 0) return null
  return (
    <div className="px-4 pb-3">
      <h3 className="text-xs font-semibold text-muted">Missing</h3>
      <ul className="mt-1 flex flex-wrap gap-x-6 gap-y-1">
        {missing.map((miss, index) => (
          <li
            key={`${miss.name} ${index}`}
            className="flex min-w-0 flex-wrap items-center gap-x-1.5 [overflow-wrap:anywhere]"
          >
            <StateGlyph state={MISSING[miss.reason].state} />
            <code className="font-mono text-xs">{miss.name}</code>
            <span className="text-muted">{renderMissing(miss)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
