import { http } from './http/index.ts'
import { smtp } from './smtp/index.ts'

export { escapeHtml } from './smtp/index.ts'
export { http, smtp }

/** Every connector, by its id. */
export const connectors = { http, smtp }
