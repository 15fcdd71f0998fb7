import type { Platform } from '@bookend/contract'
import { StateBadge } from '../../ui/state-badge.tsx'

type Door = Platform['pre_call']

/** The last thing that came was not taken: its secret, address or clock is wrong. */
export const isRefusing = ({ last_accepted_at: taken, last_refused_at: refused }: Door): boolean =>
  refused !== null && (taken === null || refused > taken)

export function PlatformStatus({ platform }: { platform: Platform }) {
  const doors = [platform.pre_call, platform.events]
  if (platform.unusable !== null) return <StateBadge state="failed">cannot be used</StateBadge>
  if (doors.some(isRefusing)) return <StateBadge state="failed">refuses what comes</StateBadge>
  if (doors.every(({ last_accepted_at: at }) => at === null)) {
    return <StateBadge state="skipped">nothing came yet</StateBadge>
  }
  return <StateBadge state="ok">ok</StateBadge>
}

const WORDS: Readonly<Record<string, string>> = {
  options_unreadable: 'Its options were stored under another secret key: enter them again.',
  options_invalid: 'Its options are not as this version needs them: save them again.',
}

/** Null: there is nothing to say. */
export const explainUnusable = ({ unusable }: Platform): string | null =>
  unusable === null ? null : (WORDS[unusable] ?? `It cannot be used (${unusable}).`)

/** What needs somebody comes first, then by name. */
export function sortByNeed(platforms: readonly Platform[]): readonly Platform[] {
  const rank = ({ unusable, pre_call, events }: Platform): number =>
    unusable !== null ? 0 : isRefusing(pre_call) || isRefusing(events) ? 1 : 2
  const nameOf = ({ platform, name }: Platform): string => `${platform}/${name}`
  return platforms.toSorted((a, b) => rank(a) - rank(b) || (nameOf(a) < nameOf(b) ? -1 : 1))
}
