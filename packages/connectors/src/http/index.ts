import { defineConnector } from '@bookend/core'
import { TokenCache } from '../rest/token-cache.ts'
import { requestGet, requestQuery, requestSend, webhookSend } from './actions.ts'
import { check } from './check.ts'
import { HttpAuth, HttpSettings } from './schema.ts'

export const http = defineConnector({
  id: 'http',
  label: 'HTTP',
  settings: HttpSettings,
  auth: HttpAuth,
  origin: ({ base_url }) => new URL(base_url).origin,
  client: { open: () => new TokenCache(), close: () => Promise.resolve() },
  check,
  actions: {
    'request.get': requestGet,
    'request.query': requestQuery,
    'request.send': requestSend,
    'webhook.send': webhookSend,
  },
})
