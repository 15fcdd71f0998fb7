import type { Context } from '../../context.ts'
import { readOverview } from '../../store/postgres/overview.ts'
import type { Handlers } from '../handlers.ts'

const DAY_MS = 86_400_000

export function overviewRoutes({ reads, clock }: Pick<Context, 'reads' | 'clock'>) {
  return {
    async getOverview({ access: { workspaceId } }) {
      return await readOverview(reads, workspaceId, new Date(clock.now().getTime() - DAY_MS))
    },
  } satisfies Partial<Handlers>
}
