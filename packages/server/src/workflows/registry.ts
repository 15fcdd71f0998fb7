// What is loaded, as the rest of the server sees it.

import type { JourneyWorkflow, PreCallWorkflow } from '@bookend/core'
import type { WorkflowForm } from './find-files.ts'

export interface LoadedWorkflow {
  readonly name: string
  /** 16 hexadecimal digits of the content of its bundle, or of its text. */
  readonly version: string
  readonly form: WorkflowForm
  readonly kind: 'pre-call' | 'journey'
  /** When this version was first stored. */
  readonly updatedAt: Date
  readonly definition: PreCallWorkflow | JourneyWorkflow
  /** The text of YAML, with line ends as they are stored; absent for TypeScript. */
  readonly source?: string
}

export type LoadedPreCall = LoadedWorkflow & { readonly definition: PreCallWorkflow }
export type LoadedJourney = LoadedWorkflow & { readonly definition: JourneyWorkflow }

export interface WorkflowRegistry {
  list(): readonly LoadedWorkflow[]
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
