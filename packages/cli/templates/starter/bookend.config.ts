import { defineConfig } from '@bookend/sdk'
import { office } from './calendars.ts'

/** What the workflows connect to, and when somebody is there. */
export default defineConfig(({ env, databaseUrl }) => ({
  connections: {
    // Bookend's own database until SHOP_DATABASE_URL names yours, so that nothing has to be set up.
    'postgres/shop': { settings: { url: env['SHOP_DATABASE_URL'] ?? databaseUrl }, auth: null },
  },
  calendars: { office },
}))
