import { defineConnector } from '@bookend/core'
import { requestGet, requestSend } from './actions.ts'
import { HttpAuth, HttpSettings } from './schema.ts'

export const http = defineConnector({
  id: 'http',
  label: 'HTTP',
  settings: HttpSettings,
  auth: HttpAuth,
  actions: { 'request.get': requestGet, 'request.send': requestSend },
})
