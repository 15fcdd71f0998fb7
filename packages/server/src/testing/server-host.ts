// A whole server as a process of its own, for tests of several on one database. It is told its
// environment as JSON, prints what a server prints, and ends on SIGTERM.

import { startServer } from '../start-server.ts'

const env = JSON.parse(process.argv[2] ?? '{}') as NodeJS.ProcessEnv
const server = await startServer({ env, print: (line) => console.log(line) })
process.once('SIGTERM', () => void server.close())
