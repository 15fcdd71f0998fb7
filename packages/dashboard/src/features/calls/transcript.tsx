import type { Call, TranscriptEntry } from '@bookend/contract'
import { RevealButton } from '../reveal/reveal-button.tsx'
import type { Reveal } from '../reveal/use-reveal.ts'
import { callHandle } from '../reveal/with-revealed.ts'
import { Card } from '../../ui/card.tsx'
import { Instant } from '../../ui/instant.tsx'
import { join } from '../../ui/join.ts'

const SPEAKERS = {
  agent: 'Agent',
  user: 'Caller',
  tool: 'Tool',
  system: 'System',
} as const satisfies Record<TranscriptEntry['role'], string>

const OPEN = new Set<Call['status']>(['ringing', 'in_progress'])

interface TranscriptProps {
  call: Call
  reveal: Reveal
}

export function Transcript({ call, reveal }: TranscriptProps) {
  const { transcripts, status } = call
  return (
    <Card
      title="Transcript"
      aside={
        transcripts.length > 0 && (
          <>
            <span className="text-xs text-muted">
              {transcripts.length === 1 ? '1 entry' : `${transcripts.length} entries`}
            </span>
            <RevealButton
              reveal={reveal}
              handle={callHandle(call, 'transcripts')}
              what="the transcript"
            />
          </>
        )
      }
      flush
    >
      {transcripts.length === 0 ? (
        <p className="p-4 text-muted">
          {OPEN.has(status)
            ? 'None yet; it grows here while people talk.'
            : 'No transcript was received for this call.'}
        </p>
      ) : (
        <ol
          aria-label="Transcript"
          // It scrolls, so it must be reachable from the keyboard.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          className="grid max-h-128 gap-3 overflow-y-auto p-4"
        >
          {transcripts.map((entry) => (
            <Entry key={entry.sequence} entry={entry} />
          ))}
        </ol>
      )}
    </Card>
  )
}

function Entry({ entry }: { entry: TranscriptEntry }) {
  const { role, text, timestamp, function_name } = entry
  return (
    <li className="grid grid-cols-[4rem_minmax(0,1fr)] gap-x-3">
      <span className="text-xs leading-5 text-muted">
        <span className={join('block font-semibold', role === 'agent' && 'text-accent')}>
          {SPEAKERS[role]}
        </span>
        {timestamp !== null && <Instant at={timestamp} clockOnly />}
      </span>
      <p className="[overflow-wrap:anywhere] whitespace-pre-wrap">
        {function_name !== null && (
          <code className="mr-2 rounded-xs bg-sunken px-1 font-mono text-xs">{function_name}</code>
        )}
        {text}
        {entry.arguments !== null && entry.arguments !== undefined && (
          <code className="block font-mono text-xs text-muted">
            {JSON.stringify(entry.arguments)}
          </code>
        )}
      </p>
    </li>
  )
}
