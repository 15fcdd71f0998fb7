/** A record that is new or different; whoever cares reads it. */
export interface Change {
  topic: 'calls' | 'runs' | 'config' | 'deliveries'
  workspaceId: string
  id: string
  callId: string | null
}

/** Any change may have been missed: read anew whatever is held. */
export const EVERYTHING: Change = { topic: 'config', workspaceId: '*', id: '*', callId: null }
