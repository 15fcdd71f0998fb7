// What a bundled source is called, wherever it lies.
//
//   /srv/app/node_modules/zod/v4/index.js   ─▶ zod/v4/index.js
//   /srv/app/workflows/rules/vip.ts         ─▶ ./rules/vip.ts
//
// A version is a hash of the bundle, and the bundler writes paths into it; with these names the same
// sources give the same version in every folder of every machine.

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'

const PACKAGES = `${sep}node_modules${sep}`

/** `path` is absolute; `entryFolder` is where the bundle's entry point lies. */
export function sourceName(path: string, entryFolder: string): string {
  const packaged = path.lastIndexOf(PACKAGES)
  if (packaged !== -1) return toUrl(path.slice(packaged + PACKAGES.length))
  const own = relative(entryFolder, path)
  // The project is the folder above that of the workflows.
  const isOwn = !relative(dirname(entryFolder), path).startsWith('..')
  return isOwn ? toUrl(`.${sep}${own}`) : (nameByPackage(path) ?? toUrl(own))
}

/** A workspace's package is linked, not installed; it is called as if it were. */
function nameByPackage(path: string): string | null {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (!existsSync(manifest)) continue
    const content: unknown = JSON.parse(readFileSync(manifest, 'utf8'))
    const isNamed = typeof content === 'object' && content !== null && 'name' in content
    return isNamed ? `${String(content.name)}/${toUrl(relative(folder, path))}` : null
  }
  return null
}

const toUrl = (path: string): string => path.split(sep).join('/')
