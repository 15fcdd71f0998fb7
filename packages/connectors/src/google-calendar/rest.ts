// Google's calendar as the actions use it.

import type { ActionContext } from '@bookend/core'
import type { GoogleAuth } from '../google/schema.ts'
import { createGoogleExchange } from '../google/session.ts'
import type { TokenCache } from '../rest/token-cache.ts'
import type { GoogleCalendarSettings } from './schema.ts'

export type Context = ActionContext<GoogleCalendarSettings, GoogleAuth, TokenCache>

const SCOPES = ['calendar.events', 'calendar.freebusy']

export const exchange = createGoogleExchange<Context>(
  SCOPES.map((name) => `https://www.googleapis.com/auth/${name}`).join(' '),
)

export interface Calendar {
  readonly calendar: string | null
}

export const calendarOf = (ctx: Context, { calendar }: Calendar): string =>
  calendar ?? ctx.settings.calendar_id

export const events = (calendar: string, ...more: readonly string[]): readonly string[] => [
  'calendars',
  calendar,
  'events',
  ...more,
]
