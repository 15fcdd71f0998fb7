import { replayFixtures } from '@bookend/sdk/testing'
import followUp from '../workflows/follow-up.journey.ts'
import intake from '../workflows/intake.pre-call.ts'

// Calls as `npx bookend pull <id> --redact` writes them: each is answered as it was, and each journey
// writes what its snapshot says. `npx bookend test -u` takes what is written now.
const fixtures = new URL('../fixtures/', import.meta.url)
await replayFixtures(fixtures, { workflows: { intake, 'follow-up': followUp } })
