// What is loaded, as the rest of the server sees it.

import type { JourneyWorkflow, PreCallWorkflow } from '@bookend/core'
import type { WorkflowGraph } from '@bookend/core/yaml'
import type { WorkflowForm } from './find-files.ts'

/** A file of the folder, or the API. */
type WorkflowOrigin = 'file' | 'published'

export interface LoadedWorkflow {
  readonly name: string
  /** 16 hexadecimal digits of the content of its bundle, or of its text. */
  readonly version: string
  readonly form: WorkflowForm
  readonly origin: WorkflowOrigin
  readonly kind: 'pre-call' | 'journey'
  /** When this version was first stored, or was published last. */
  readonly updatedAt: Date
  readonly definition: PreCallWorkflow | JourneyWorkflow
  /** Known of YAML alone. */
  readonly graph: WorkflowGraph | null
  /** The text of YAML, with line ends as they are stored; absent for TypeScript. */
  readonly source?: string
}

export type LoadedPreCall = LoadedWorkflow & { readonly definition: PreCallWorkflow }
export type LoadedJourney = LoadedWorkflow & { readonly definition: JourneyWorkflow }

/** What is active; every answer is of the moment it is asked for. */
export interface WorkflowRegistry {
  list(): readonly LoadedWorkflow[]
  find(name: string): LoadedWorkflow | null
  preCall(name: string): LoadedPreCall | null
  journeysOn(eventType: string): readonly LoadedJourney[]
  /**
   * Also a version that is no longer active (J4); null when it was never stored.
   *
   * @throws {DatabaseAwayError} Only for a version that is not in memory yet.
   * @throws {WorkflowError} It was stored, and cannot be loaded any more.
   */
  journey(name: string, version: string): Promise<LoadedJourney | null>
}
