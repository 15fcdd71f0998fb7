import { nameCalendars } from '@bookend/core'
import type { CallRules } from '../../scheduled-calls/call-rules.ts'

export const testCalls: CallRules = {
  dialRule: { countries: ['US', 'DE'] },
  calendars: nameCalendars({}),
}
