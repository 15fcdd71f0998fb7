import { defineConfig } from '@bookend/sdk'

export default defineConfig(({ env }) => ({
  connections: {
    'http/lookup': {
      settings: { base_url: env['LOOKUP_URL'] ?? '' },
      auth: { kind: 'none' },
    },
  },
}))
