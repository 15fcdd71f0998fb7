import type { Places } from '../places.ts'
import { parsePlaces } from '../places.ts'

export interface ServicesConfig extends Places {
  readonly databaseUrl: string
  readonly bookendUrl: string
  readonly apiKey: string
}

const REQUIRED = ['CLINIC_DATABASE_URL', 'BOOKEND_URL', 'BOOKEND_API_KEY'] as const

/** @throws {RangeError} A variable is missing or unfit; the message names every missing one. */
export function parseServicesConfig(env: NodeJS.ProcessEnv): ServicesConfig {
  const missing = REQUIRED.filter((name) => (env[name] ?? '') === '')
  if (missing.length > 0) {
    throw new RangeError(
      `Set ${missing.join(', ')}; "npm start" in the repository’s root does so by itself`,
    )
  }
  return {
    ...parsePlaces(env),
    databaseUrl: env['CLINIC_DATABASE_URL'] ?? '',
    bookendUrl: env['BOOKEND_URL'] ?? '',
    apiKey: env['BOOKEND_API_KEY'] ?? '',
  }
}
