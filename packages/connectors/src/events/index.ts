import { defineConnector } from '@bookend/core'
import { eventTrack, eventTrackMany, personIdentify } from './actions.ts'
import { check } from './check.ts'
import { EventsAuth, EventsSettings } from './schema.ts'

export const events = defineConnector({
  id: 'events',
  label: 'Segment, RudderStack',
  settings: EventsSettings,
  auth: EventsAuth,
  origin: ({ base_url }) => new URL(base_url).origin,
  check,
  actions: {
    'event.track': eventTrack,
    'event.track_many': eventTrackMany,
    'person.identify': personIdentify,
  },
})
