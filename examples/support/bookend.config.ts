import { defineConfig } from '@bookend/sdk'

/** A help desk behind an HTTP API, and the database of accounts. */
export default defineConfig(({ env, databaseUrl }) => ({
  connections: {
    'postgres/billing': {
      settings: { url: env['BILLING_DATABASE_URL'] ?? databaseUrl, read_only: true },
      auth: null,
    },
    'http/desk': {
      settings: { base_url: env['DESK_URL'] ?? 'https://desk.example.com/api' },
      auth: { kind: 'bearer', token: env['DESK_TOKEN'] ?? 'not set' },
    },
  },
}))
