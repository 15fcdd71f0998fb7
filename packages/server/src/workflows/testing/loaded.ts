import { nameCalendars } from '@bookend/core'
import { type Draft, readDraft } from '../draft.ts'
import type { KnownConnections } from '../load.ts'
import type { LoadedWorkflow } from '../registry.ts'

const anything: KnownConnections = { names: () => null, check: () => undefined }

export const draftOf = (name: string, source: string, connections = anything): Draft =>
  readDraft(
    { connections, calendars: nameCalendars({}) },
    name,
    source,
    new Date('2026-01-01T00:00:00Z'),
  )

export function loadedFrom(name: string, source: string): LoadedWorkflow {
  const draft = draftOf(name, source)
  if (draft.kind === 'valid') return draft.workflow
  throw new Error(draft.problems.map(({ message }) => message).join('\n'))
}
