import type { JourneyCall } from '@bookend/sdk'

type Spoken = Pick<JourneyCall, 'transcripts'>

/** What the caller said, line by line. */
export const callerLines = ({ transcripts }: Spoken): readonly string[] =>
  transcripts.filter(({ role }) => role === 'user').map(({ text }) => text)

const SPEAKERS = { agent: 'Agent', user: 'Caller', tool: 'Tool', system: 'System' } as const

/** The conversation as a person reads it in a file. */
export const transcriptText = ({ transcripts }: Spoken): string =>
  transcripts.map(({ role, text }) => `${SPEAKERS[role]}: ${text}`).join('\n')
