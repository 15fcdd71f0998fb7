// The careful developer's endpoint. No record is kept.

import { createByHand } from './create-by-hand.ts'
import { listen } from './listen.ts'

const app = createByHand(() => undefined)
await app.ready()
await listen(app.server)
