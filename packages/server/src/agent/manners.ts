import type { RelaySettings } from '@bookend/platforms'
import type { LivePlatforms } from '../platforms/live-platforms.ts'
import type { Manners } from './conversation.ts'

const EXCUSE = 'Sorry, I did not get that. Could you say it again?'

export const mannersOfRelay = ({ transfer_to: to, rescue, excuse }: RelaySettings): Manners => ({
  targets: Object.keys(to),
  rescue,
  excuse,
})

/** As on the workspace's telephone, so that an agent is tried out with what it will have there. */
export function mannersOf(live: Pick<LivePlatforms, 'list'>, workspaceId: string): Manners {
  const relays = live
    .list()
    .filter(({ row }) => row.workspace_id === workspaceId)
    .flatMap(({ connection }) => connection?.relay ?? [])
  const [first] = relays
  return first === undefined
    ? { targets: [], rescue: null, excuse: EXCUSE }
    : mannersOfRelay(first.settings)
}
