import { command } from '../command.ts'
import { keepHeapLean } from '../lean-heap.ts'
import { closeInTime, openServer } from '../server.ts'
import { listenForStop } from '../stop-signal.ts'

export const start = command({
  description: 'Run the server until SIGINT or SIGTERM; a second one ends it at once',
  args: {},
  examples: [
    'bookend start',
    'PORT=8080 BOOKEND_WORKFLOWS=./workflows bookend start',
    'DATABASE_URL=postgres://… bookend start      your own PostgreSQL, 14 or later',
  ],
  async run(_args, io) {
    keepHeapLean()
    using stop = listenForStop()
    const server = await openServer(io.env, io, stop.signal).catch((error: unknown) => {
      if (stop.signal.aborted) return null
      throw error
    })
    if (server === null) return 0
    await stop.requested
    return (await closeInTime(server, io)) ? 0 : 1
  },
})
