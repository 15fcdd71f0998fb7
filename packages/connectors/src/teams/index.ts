import { defineConnector } from '@bookend/core'
import { cardPost } from './card.ts'
import { check } from './check.ts'
import { TeamsAuth, TeamsSettings } from './schema.ts'

export const teams = defineConnector({
  id: 'teams',
  label: 'Microsoft Teams',
  settings: TeamsSettings,
  auth: TeamsAuth,
  buckets: { default: { limit: 4, perMs: 1_000 } },
  check,
  actions: { 'card.post': cardPost },
})
