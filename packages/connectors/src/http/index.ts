import { defineConnector } from '@bookend/core'
import { requestGet, requestSend } from './actions.ts'
import { HttpAuth, HttpSettings } from './schema.ts'

export const http = defineConnector({
  id: 'http',
  label: 'HTTP',
  settings: HttpSettings,
  auth: HttpAuth,
  origin: ({ base_url }) => new URL(base_url).origin,
  actions: { 'request.get': requestGet, 'request.send': requestSend },
})
