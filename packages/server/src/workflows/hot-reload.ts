// Takes over what is saved in the workflows folder while the server runs: for those who write them.
//
//   change ─▶ all files load? ─▶ the registry, swapped whole ─▶ told
//                      └ no ─▶ what was loaded stays, every fault is told
//
// Connections and calendars are read at the start alone.

import type { Clock } from '@bookend/core'
import { WorkflowError } from '@bookend/core'
import type { Changes } from '../changes/changes.ts'
import type { Log } from '../log.ts'
import { keepBundler } from './bundler.ts'
import type { OpenWorkflowRegistry } from './load.ts'
import { type FolderWatch, watchFolder } from './watch-folder.ts'

export interface HotReloadOptions {
  readonly folder: string
  readonly workspaceId: string
  readonly registry: Pick<OpenWorkflowRegistry, 'list' | 'reloadFiles'>
  readonly changes: Pick<Changes, 'publish'>
  readonly clock: Pick<Clock, 'setTimer' | 'monotonicMs'>
  readonly log: Log
  readonly print: (line: string) => void
}

export function hotReload(options: HotReloadOptions): FolderWatch {
  const { folder, workspaceId, registry, changes, clock, log, print } = options

  let told = ''

  async function onChange(): Promise<boolean> {
    const before = new Map(registry.list().map(({ name, version }) => [name, version]))
    const startedAtMs = clock.monotonicMs()
    try {
      await registry.reloadFiles()
    } catch (err) {
      if (!(err instanceof WorkflowError)) {
        log.warn({ err }, 'the workflows cannot be taken over yet')
        return false
      }
      const [, ...problems] = err.message.split('\n').map((line) => line.trim())
      log.info({ problems }, 'the workflows cannot be loaded; those before stay')
      // One save may be heard of more than once.
      const news = problems.map((problem) => `not reloaded: ${problem}`).join('\n')
      if (news !== told) print(news)
      told = news
      return true
    }
    told = ''
    const now = registry.list()
    const fresh = now.filter(({ name, version }) => before.get(name) !== version)
    const names = new Set(now.map(({ name }) => name))
    const gone = [...before.keys()].filter((name) => !names.has(name))
    const news = [
      ...fresh.map(({ name, version }) => `${name} ${version}`),
      ...gone.map((name) => `${name} is gone`),
    ]
    if (news.length === 0) return true
    changes.publish({ topic: 'config', workspaceId, id: workspaceId, callId: null })
    print(`reloaded ${news.join(', ')} in ${Math.round(clock.monotonicMs() - startedAtMs)} ms`)
    return true
  }

  const letGo = keepBundler()
  const watch = watchFolder({ folder, clock, onChange })
  return {
    async close() {
      await watch.close()
      await letGo()
    },
  }
}
