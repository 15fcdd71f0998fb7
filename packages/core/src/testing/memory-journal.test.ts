import { fakeClock } from './fake-clock.ts'
import { journalConformance } from './journal-conformance.ts'
import { memoryRun } from './memory-journal.ts'

journalConformance('the memory', async () => {
  const run = memoryRun(fakeClock())
  return { open: async () => run.open() }
})
