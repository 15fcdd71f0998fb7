/** A record that is new or different; whoever cares reads it. */
export interface Change {
  /**
   * `wakes`: a run that waits, or was cancelled, has to look; without an id, that runs were put in the
   * queue; `analyses`: a call has questions to be asked. Both are for this product's processes alone.
   */
  topic: 'calls' | 'runs' | 'config' | 'deliveries' | 'handoffs' | 'wakes' | 'analyses'
  workspaceId: string
  id: string
  callId: string | null
}

/** Any change may have been missed: read anew whatever is held. */
export const EVERYTHING: Change = { topic: 'config', workspaceId: '*', id: '*', callId: null }
