import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Writes files below `folder`, by their relative paths. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
}

export const intake = (greeting = 'there'): string => `
  import { preCall } from '@bookend/sdk'
  import { z } from 'zod'
  export default preCall('intake', {
    budget: '2s',
    parameters: z.object({ name: z.string() }),
    fallback: { name: ${JSON.stringify(greeting)} },
    connections: { desk: 'http/desk' },
    run: () => ({ parameters: { name: 'Ada' } }),
  })`

/** What `journey()` makes, written out: it is bundled and imported in no time. */
export const followUp = (answer = 'one', on = `'call.completed'`): string => `
  export default {
    kind: 'journey',
    name: 'follow-up',
    on: ${on},
    connections: {},
    matches: () => true,
    keyOf: () => null,
    run: async () => ${JSON.stringify(answer)},
  }`
