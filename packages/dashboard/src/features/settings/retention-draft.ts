// Days as they are typed: an empty field is as the server has it.

import type { Retention } from '@bookend/contract'

export type DaysDraft = Readonly<Record<keyof Retention, string>>

const DAYS_MAX = 3_650

export const renderDays = (retention: Retention): DaysDraft => ({
  calls_days: render(retention.calls_days),
  transcripts_days: render(retention.transcripts_days),
  runs_days: render(retention.runs_days),
  deliveries_days: render(retention.deliveries_days),
})

const render = (days: number | null): string => (days === null ? '' : String(days))

export function readDays(draft: DaysDraft): {
  days: Retention
  faults: ReadonlyMap<string, string>
} {
  const faults = new Map<string, string>()
  const read = (name: keyof Retention): number | null => {
    const text = draft[name].trim()
    if (text === '') return null
    const days = Number(text)
    if (Number.isInteger(days) && days >= 0 && days <= DAYS_MAX) return days
    faults.set(name, `Whole days, at most ${DAYS_MAX}.`)
    return null
  }
  const days = {
    calls_days: read('calls_days'),
    transcripts_days: read('transcripts_days'),
    runs_days: read('runs_days'),
    deliveries_days: read('deliveries_days'),
  }
  return { days, faults }
}
