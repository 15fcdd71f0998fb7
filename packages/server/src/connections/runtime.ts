import type { ActiveStep, IdempotencyClass } from '@bookend/core'

/** A write that a step is about to send. */
export interface PendingWrite {
  /** `<connector>/<connection>` */
  readonly connection: string
  readonly action: string
  readonly class: IdempotencyClass
  readonly key: string
}

export interface CallingStep extends ActiveStep {
  /** Names the step's effect; its second write gets `#2` behind it, and so on. */
  readonly key?: string
  readonly subjectKey?: string
  /** Awaited before each write is sent; nothing is sent when it rejects. */
  beforeWrite?(write: PendingWrite): Promise<void>
}

export interface ConnectionRuntime {
  /**
   * What a workflow's `run` receives as `connections`; `reads` refuses write actions.
   *
   * @throws {WorkflowError} One of them is not configured.
   */
  handlesFor(
    local: Readonly<Record<string, string>>,
    mode: 'reads' | 'all',
  ): Readonly<Record<string, unknown>>
  /** Runs a step's function so that its connections know which step called them. */
  enter<T>(step: CallingStep, run: () => T): T
  /** @throws {WorkflowError} Names the connections that are not configured, and those that are. */
  check(workflow: {
    readonly name: string
    readonly connections: Readonly<Record<string, string>>
  }): void
  /** Closes what connections keep open; a call after it is refused. */
  close(): Promise<void>
}
