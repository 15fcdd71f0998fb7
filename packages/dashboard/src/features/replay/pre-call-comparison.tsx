import type { BacktestAnswer, BacktestedCall, Run } from '@bookend/contract'
import { useState } from 'react'
import { renderMs } from '../../format/duration.ts'
import { Card } from '../../ui/card.tsx'
import { Instant } from '../../ui/instant.tsx'
import { Notice } from '../../ui/notice.tsx'
import { renderAnswer } from '../calls/render-answer.ts'
import { PreCallCard } from '../runs/pre-call-card.tsx'
import { renderTimeChange, runOfNow } from './compare.ts'
import { NothingSent } from './nothing-sent.tsx'
import { ParameterTable } from './parameter-table.tsx'

interface PreCallComparisonProps {
  run: Run
  call: BacktestedCall
  version: string
  live: boolean
}

export function PreCallComparison({ run, call, version, live }: PreCallComparisonProps) {
  const [wasStep, setWasStep] = useState<string | null>(null)
  const [nowStep, setNowStep] = useState<string | null>(null)
  const made = runOfNow(run, { call, version })
  return (
    <>
      <NothingSent>
        The input of <Instant at={run.started_at} />, on {version.slice(0, 8)}, with{' '}
        {live ? 'what connections answer now, reads only' : 'the answers that were recorded then'}.
      </NothingSent>
      {call.gaps.length > 0 && (
        <Notice state="default" title="What is said of now is not certain">
          <ul>
            {call.gaps.map(({ step, reason }) => (
              <li key={step}>
                {step}: {reason}
              </li>
            ))}
          </ul>
          <p>Ask connections anew to be sure.</p>
        </Notice>
      )}
      <Card title={renderVerdict(call)} flush>
        <Facts call={call} version={version} />
        <ParameterTable call={call} />
      </Card>
      <div className="grid grid-cols-1 items-start gap-4 2xl:grid-cols-2">
        <PreCallCard title="Then" run={run} selected={wasStep} onSelect={setWasStep} />
        <PreCallCard title="Now" run={made} selected={nowStep} onSelect={setNowStep} />
      </div>
    </>
  )
}

const DIFFERENCES = {
  status: 'how it was answered',
  parameters: 'parameters',
  outcome: 'what becomes of the call',
  missing: 'what is missing',
  late: 'whether it is in time',
} as const satisfies Record<BacktestedCall['differs'][number], string>

const renderVerdict = ({ differs }: BacktestedCall): string =>
  differs.length === 0
    ? 'Answered alike'
    : `Answered differently: ${differs.map((each) => DIFFERENCES[each]).join(', ')}`

interface FactsProps {
  call: BacktestedCall
  version: string
}

function Facts({ call: { was, now, budget_ms, version: before }, version }: FactsProps) {
  const rows = [
    ['Answer', renderStatus(was), renderStatus(now)],
    ['Outcome', was.outcome.type, now.outcome.type],
    ['Time', renderTime(was, budget_ms), renderTime(now, budget_ms)],
  ] as const
  return (
    <div className="relative overflow-x-auto">
      <table className="bk-table w-full">
        <thead>
          <tr>
            <th scope="col">
              <span className="sr-only">What</span>
            </th>
            <th scope="col">Then{before !== null && `, ${before.slice(0, 8)}`}</th>
            <th scope="col">Now, {version.slice(0, 8)}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, then, after]) => (
            <tr key={name}>
              <th scope="row" className="text-text!">
                {name}
              </th>
              <td>{then}</td>
              <td className={then === after ? undefined : 'font-semibold'}>
                {after}
                {name === 'Time' && (
                  <span className="block text-xs font-normal text-muted">
                    {renderTimeChange(was.duration_ms, now.duration_ms)}
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const renderStatus = ({ status, missing }: BacktestAnswer): string =>
  renderAnswer(status, missing.length).word

const renderTime = ({ duration_ms }: BacktestAnswer, budgetMs: number): string =>
  `${renderMs(duration_ms)} of ${renderMs(budgetMs)}`
