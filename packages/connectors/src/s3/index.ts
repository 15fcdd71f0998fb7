import { defineConnector } from '@bookend/core'
import { analyticsWrite } from './analytics.ts'
import { ask, type Context } from './ask.ts'
import { objectGet, objectHead, objectPut } from './objects.ts'
import { recordingArchive } from './recording.ts'
import { S3Auth, S3Settings } from './schema.ts'

export const s3 = defineConnector({
  id: 's3',
  label: 'S3',
  settings: S3Settings,
  auth: S3Auth,
  origin: ({ endpoint }) => new URL(endpoint).origin,
  check: async (ctx: Context) => {
    // Nothing is there: what it lists says nothing, and that it may be listed says enough.
    const query = { 'list-type': 2, 'max-keys': 1, prefix: '.bookend-check/' }
    await ask(ctx, { effect: 'read', method: 'GET', query, timeoutMs: 5_000 })
    return { account: ctx.settings.bucket, warnings: [] }
  },
  actions: {
    'object.put': objectPut,
    'object.get': objectGet,
    'object.head': objectHead,
    'recording.archive': recordingArchive,
    'analytics.write': analyticsWrite,
  },
})
