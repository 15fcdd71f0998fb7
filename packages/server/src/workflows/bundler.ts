// The bundler: a process of its own, which is there while somebody needs it.
//
//   build ─▶ once, and the process ends
//         └▶ while it is kept: what was parsed for the same files is used again

import {
  build,
  type BuildContext,
  type BuildOptions,
  type BuildResult,
  context,
  stop,
} from 'esbuild'

export type BundleOptions = BuildOptions & {
  readonly absWorkingDir: string
  readonly entryPoints: readonly { readonly in: string; readonly out: string }[]
  readonly write: false
  readonly metafile: true
}
export type Built = BuildResult<{ write: false; metafile: true }>
type Kept = Map<string, Promise<BuildContext<{ write: false; metafile: true }>>>

const CONTEXTS_MAX = 50
let building = 0
let keepers = 0
const kept: Kept = new Map()

/** Rejects with a `BuildFailure` for files that cannot be bundled. */
export async function buildOnce(options: BundleOptions): Promise<Built> {
  building += 1
  try {
    if (keepers === 0) return await build({ ...options, entryPoints: [...options.entryPoints] })
    return await (await contextFor(options)).rebuild()
  } finally {
    building -= 1
    await stopIfIdle()
  }
}

/** Whoever builds the same again and again keeps the bundler, and lets go of it by the function returned. */
export function keepBundler(): () => Promise<void> {
  keepers += 1
  return async () => {
    keepers -= 1
    if (keepers > 0) return
    await disposeAll()
    await stopIfIdle()
  }
}

async function contextFor(options: BundleOptions) {
  const key = JSON.stringify([options.absWorkingDir, options.entryPoints])
  const found = kept.get(key)
  if (found !== undefined) return await found
  if (kept.size >= CONTEXTS_MAX) await disposeAll()
  const fresh = context({ ...options, entryPoints: [...options.entryPoints] })
  kept.set(key, fresh)
  return await fresh
}

async function disposeAll(): Promise<void> {
  const all = [...kept.values()]
  kept.clear()
  await Promise.all(all.map(async (each) => await (await each).dispose()))
}

async function stopIfIdle(): Promise<void> {
  if (building === 0 && keepers === 0) await stop()
}
