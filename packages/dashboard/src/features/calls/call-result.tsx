import type { Call } from '@bookend/contract'
import { RevealButton } from '../reveal/reveal-button.tsx'
import type { Reveal } from '../reveal/use-reveal.ts'
import { callHandle } from '../reveal/with-revealed.ts'
import { Card } from '../../ui/card.tsx'
import { AnalysisRows } from './analysis-rows.tsx'
import { AnalyzeAgain } from './analyze-again.tsx'

interface CallResultProps {
  call: Call
  reveal: Reveal
}

/** What was found out about the call once it was over; nothing before that. */
export function CallResult({ call, reveal }: CallResultProps) {
  const { summary, analysis_results: results, analyzers, ended_at } = call
  const canAsk = ended_at !== null && analyzers.length > 0
  if (summary === null && results.length === 0 && !canAsk) return null
  return (
    <Card
      title="Analysis"
      flush
      aside={
        <span className="ml-auto flex flex-wrap gap-2">
          <RevealButton reveal={reveal} handle={callHandle(call, 'result')} what="the analysis" />
          {canAsk && <AnalyzeAgain call={call} />}
        </span>
      }
    >
      {summary !== null && (
        <p className="max-w-prose p-4 [overflow-wrap:anywhere] whitespace-pre-wrap">{summary}</p>
      )}
      <AnalysisRows call={call} />
    </Card>
  )
}
