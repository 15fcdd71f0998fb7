import { routeList } from '@bookend/contract'
import { expect, test } from 'vitest'
import { isMasking } from './mask-answer.ts'

/** Told by no record of a person: configuration, figures, health, and what is written for all. */
const NOTHING_PERSONAL = [
  'checkWorkflow',
  'getAgent',
  'getConnection',
  'getConnector',
  'getPlatform',
  'getPlatformSetUp',
  'getSession',
  'getSettings',
  'getWebhook',
  'getWorkflow',
  'getWorkflowVersion',
  'listAgents',
  'listAnalyses',
  'listConnections',
  'listConnectors',
  'listNumbers',
  'listPauses',
  'listPlatformAdapters',
  'listPlatforms',
  'listWebhooks',
  'listWorkflowVersions',
  'listWorkflows',
  // What it answers is what was asked to be seen.
  'reveal',
]

test('every route that a viewer or support may ask is masked, or tells of nobody', () => {
  const asked = routeList
    .filter(({ scope }) => scope === 'read' || scope === 'support')
    .map(({ name }) => name)
  const undecided = asked.filter((name) => !isMasking(name) && !NOTHING_PERSONAL.includes(name))
  expect(undecided, 'mask it in mask-answer.ts, or name it here').toEqual([])
})
