import type { Clock } from '@bookend/core'
import type { Agent } from './agent/open-agent.ts'
import type { Changes } from './changes/changes.ts'
import type { Config } from './config/config.ts'
import type { ConnectionParts } from './connections/stored/connection-parts.ts'
import type { Engine } from './engine/engine.ts'
import type { Authenticator } from './http/authenticate.ts'
import type { Log } from './log.ts'
import type { OutgoingClient } from './outgoing/client.ts'
import type { HandoffLinks } from './handoffs/links.ts'
import type { Pauses } from './pauses/pauses.ts'
import type { LivePlatforms } from './platforms/live-platforms.ts'
import type { PlatformDoors } from './platforms/platform-doors.ts'
import type { AnswerParts } from './precall/answer-call.ts'
import type { Made } from './precall/serve-workflow.ts'
import type { RepeatMemo } from './precall/repeat-memo.ts'
import type { Prefetches } from './precall/prefetch.ts'
import type { Recorder } from './precall/recorder.ts'
import type { Keyring, Secrets } from './secrets/secrets.ts'
import type { Snapshot } from './snapshot.ts'
import type { Database, Queryable } from './store/database.ts'
import type { DraftParts } from './workflows/draft.ts'
import type { Publisher } from './workflows/publisher.ts'
import type { WorkflowRegistry } from './workflows/registry.ts'

export interface PlatformParts {
  readonly live: LivePlatforms
  readonly doors: PlatformDoors
  /** Where platforms reach this server. */
  readonly publicUrl: () => string
}

/** What the handlers of requests work with. */
export interface Context {
  readonly config: Config
  readonly clock: Clock
  readonly log: Log
  readonly database: Database
  /** Reads outside of a transaction. */
  readonly reads: Queryable
  readonly secrets: Secrets
  /** The same, with its keys. */
  readonly keyring: Keyring
  /** Makes and keeps a new secret key; null: the key is the environment's. */
  readonly makeSecretKey: (() => Promise<Uint8Array>) | null
  readonly connections: ConnectionParts
  readonly snapshot: Snapshot
  readonly changes: Changes
  readonly registry: WorkflowRegistry
  readonly publisher: Publisher
  readonly drafts: DraftParts
  readonly engine: Engine
  readonly pauses: Pauses
  readonly links: HandoffLinks
  readonly outgoing: OutgoingClient
  readonly recorder: Recorder
  readonly answerParts: AnswerParts
  readonly repeats: RepeatMemo<Made>
  readonly prefetches: Prefetches
  readonly platforms: PlatformParts
  readonly authenticator: Authenticator
  readonly agent: Agent
}

/** A write to the configuration is seen by this process before it is answered, by others soon. */
export async function configChanged(
  { snapshot, changes }: Pick<Context, 'snapshot' | 'changes'>,
  workspaceId: string,
): Promise<void> {
  await snapshot.reload(workspaceId)
  changes.publish({ topic: 'config', workspaceId, id: workspaceId, callId: null })
}
