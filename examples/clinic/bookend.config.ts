import { defineConfig } from '@bookend/sdk'
import { CARE_ADDRESS, HOST, parsePlaces } from './places.ts'

export default defineConfig(({ env, databaseUrl }) => {
  const { deskUrl, deskToken, mailPort } = parsePlaces(env)
  return {
    connections: {
      // The practice keeps its tables in a schema of Bookend's database, so the demo needs no other.
      'postgres/clinic': { settings: { url: databaseUrl }, auth: null },
      'http/desk': {
        settings: { base_url: deskUrl },
        auth: { kind: 'bearer', token: deskToken },
      },
      'smtp/relay': {
        settings: {
          host: HOST,
          port: mailPort,
          security: 'none',
          from: CARE_ADDRESS,
          from_name: 'Harbor Street Clinic',
        },
        auth: null,
      },
    },
  }
})
