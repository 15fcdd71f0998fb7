import { command } from '../command.ts'
import { loadServer } from '../server.ts'

export const migrate = command({
  description: 'Bring the database to the version this server needs, and end',
  args: {},
  examples: ['bookend migrate', 'DATABASE_URL=postgres://… bookend migrate'],
  async run(_args, io) {
    const server = await loadServer()
    await server.migrate(io.env, (line) => io.print(line))
  },
})
