export { migrateServer as migrate } from './start/migrate-server.ts'
export { startServer } from './start-server.ts'
export type { RunningServer, StartOptions } from './start-server.ts'
export { systemClock } from './system-clock.ts'
