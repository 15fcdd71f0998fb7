import type { Platform } from '@bookend/contract'
import { CopyText } from '../../ui/copy-text.tsx'
import { Instant } from '../../ui/instant.tsx'
import { isRefusing } from './platform-status.tsx'

const DOORS = [
  { door: 'pre_call', name: 'Before a call', copy: 'Copy the address before a call' },
  { door: 'events', name: 'Events', copy: 'Copy the address of events' },
] as const

/** The two addresses that the platform calls, and what came by each. */
export function Addresses({ platform }: { platform: Platform }) {
  return (
    <ul className="divide-y divide-border">
      {DOORS.map(({ door, name, copy }) => {
        const { url, last_accepted_at: taken, last_refused_at: refused } = platform[door]
        const isFailing = isRefusing(platform[door])
        return (
          <li
            key={door}
            className="grid grid-cols-1 gap-1 px-4 py-3 sm:grid-cols-[8rem_minmax(0,1fr)]"
          >
            <span className="font-semibold">{name}</span>
            <div className="grid min-w-0 grid-cols-1 justify-items-start gap-1">
              <CopyText text={url} label={copy} />
              <p className="text-xs text-muted">
                {taken === null ? (
                  'Nothing was taken yet.'
                ) : (
                  <>
                    Last taken <Instant at={taken} />.
                  </>
                )}
              </p>
              {refused !== null && (
                <p className={isFailing ? 'text-xs text-failed-ink' : 'text-xs text-muted'}>
                  Last refused <Instant at={refused} />: {platform[door].last_refused_why}
                </p>
              )}
            </div>
          </li>
        )
      })}
    </ul>
  )
}
