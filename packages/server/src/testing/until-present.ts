import { readdir } from 'node:fs/promises'

/** Resolves to the first entry of the folder whose name matches, as soon as there is one. */
export async function untilPresent(folder: string, name: RegExp): Promise<string> {
  for (;;) {
    const found = (await readdir(folder)).find((entry) => name.test(entry))
    if (found !== undefined) return found
    await new Promise((resolve) => setImmediate(resolve))
  }
}
