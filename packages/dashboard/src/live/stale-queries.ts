// Which of the open queries a batch of changes makes old.

import type { QueryKey } from '@tanstack/react-query'
import type { Change } from './change.ts'

const CONFIG = new Set([
  'agents',
  'agent',
  'numbers',
  'webhooks',
  'webhook',
  'workflows',
  'workflow',
  'connections',
  'connection',
  'platforms',
  'platform',
  'platform-set-up',
  'pauses',
  'versions',
])

/** Query keys begin with a noun and, for one record, its id. */
export function findStale(changes: readonly Change[]): (key: QueryKey) => boolean {
  const calls = new Set<string>()
  const nouns = new Set<string>()
  for (const { topic, id, callId } of changes) {
    switch (topic) {
      case 'calls':
        nouns.add('calls')
        calls.add(id)
        break
      case 'runs':
        nouns.add('calls')
        nouns.add('runs')
        if (callId !== null) calls.add(callId)
        break
      case 'deliveries':
        nouns.add('deliveries')
        if (callId !== null) calls.add(callId)
        break
      case 'handoffs':
        nouns.add('handoffs')
        nouns.add('handoff')
        break
      case 'config':
        for (const noun of CONFIG) nouns.add(noun)
        break
    }
  }
  return ([noun, id]) =>
    nouns.has(String(noun)) || ((noun === 'call' || noun === 'trace') && calls.has(String(id)))
}
