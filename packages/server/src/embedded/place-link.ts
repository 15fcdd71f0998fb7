import { randomUUID } from 'node:crypto'
import { readlink, rename, rm, symlink } from 'node:fs/promises'

/**
 * Makes `path` a symbolic link to `target`, whatever it was before. The link appears whole, and two
 * processes placing the same link at once both succeed.
 */
export async function placeLink(path: string, target: string): Promise<void> {
  if ((await readLink(path)) === target) return
  const draft = `${path}.${randomUUID()}`
  await symlink(target, draft)
  try {
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

async function readLink(path: string): Promise<string | undefined> {
  try {
    return await readlink(path)
  } catch {
    return undefined
  }
}
