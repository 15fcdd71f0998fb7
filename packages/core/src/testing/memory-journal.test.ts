import { fakeClock } from './fake-clock.ts'
import { journalConformance } from './journal-conformance.ts'
import { memoryRun } from './memory-journal.ts'

journalConformance('the memory', async () => {
  const run = memoryRun(fakeClock())
  return {
    open: async () => run.open(),
    accept: async (type, payload) => run.accept({ type, payload }),
    answer: async (name, answer) => run.answer(name, answer),
    receive: async (key) => run.receive(key),
    tags: async () => run.tags,
    emitted: async () => run.emitted.map(({ event_type }) => event_type),
  }
})
