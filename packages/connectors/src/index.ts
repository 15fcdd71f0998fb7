import { http } from './http/index.ts'
import { postgres } from './postgres/index.ts'
import { smtp } from './smtp/index.ts'

export { escapeHtml } from './smtp/index.ts'
export { http, postgres, smtp }

/** Every connector, by its id. */
export const connectors = { http, postgres, smtp }
