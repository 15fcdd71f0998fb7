import { renderMs } from '../../format/duration.ts'
import { phaseNames } from './phase-segments.ts'

/** Where the time of each request went; nothing for a step that made none. */
export function Phases({ phases }: { phases: unknown }) {
  const requests = (Array.isArray(phases) ? phases : [phases])
    .map(findPhases)
    .filter((parts) => parts.length > 0)
  return requests.map((parts, index) => (
    <dl
      // Requests have no name, and their order is that of asking.
      // oxlint-disable-next-line react/no-array-index-key
      key={index}
      aria-label="Request"
      className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-xs"
    >
      {parts.map(([name, ms]) => (
        <div key={name} className="flex gap-1.5">
          <dt className="text-muted">{name}</dt>
          <dd>{renderMs(ms)}</dd>
        </div>
      ))}
    </dl>
  ))
}

function findPhases(phases: unknown): [string, number][] {
  if (typeof phases !== 'object' || phases === null) return []
  const given = phases as Record<string, unknown>
  return Object.entries(phaseNames).flatMap(([key, name]) => {
    const ms = given[key]
    return typeof ms === 'number' ? [[name, ms] as [string, number]] : []
  })
}
