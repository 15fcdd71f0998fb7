import type { Settings } from '@bookend/contract'
import type { Context } from '../../context.ts'
import { configChanged } from '../../context.ts'
import { countOld } from '../../retention/count-old.ts'
import { readSettings, renderRetention, writeSettings } from '../../store/postgres/settings.ts'
import type { Handlers } from '../handlers.ts'

export function settingsRoutes(context: Context) {
  const { database, reads, config } = context

  async function read(workspaceId: string): Promise<Settings> {
    const stored = await readSettings(reads, workspaceId)
    return {
      retention: renderRetention(stored),
      server_days: config.retentionDays,
      mask_for: stored.mask_for ?? 'viewers',
    }
  }

  return {
    async getSettings({ access: { workspaceId } }) {
      return await read(workspaceId)
    },

    async updateSettings({ body, access: { workspaceId } }) {
      await database.transaction((client) => writeSettings(client, workspaceId, body))
      await configChanged(context, workspaceId)
      return await read(workspaceId)
    },

    async previewRetention({ body, access: { workspaceId } }) {
      const { retention } = await read(workspaceId)
      const given = Object.entries(body).filter(([, days]) => days !== undefined)
      const wanted = { ...retention, ...Object.fromEntries(given) }
      return await countOld(reads, workspaceId, wanted, config.retentionDays)
    },
  } satisfies Partial<Handlers>
}
