import { fileURLToPath } from 'node:url'

/** The repository's root, where a user types the first command. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
