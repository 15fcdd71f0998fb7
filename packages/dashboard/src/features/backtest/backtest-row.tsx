import type { BacktestAnswer, BacktestedCall } from '@bookend/contract'
import { Link } from '@tanstack/react-router'
import { renderMs } from '../../format/duration.ts'
import { Instant } from '../../ui/instant.tsx'
import { join } from '../../ui/join.ts'
import { StateBadge } from '../../ui/state-badge.tsx'
import { renderAnswer } from '../calls/render-answer.ts'

export function BacktestRow({ call }: { call: BacktestedCall }) {
  const { run_id, call_id, from_number, started_at, was, now, changed, gaps, budget_ms } = call
  const isLate = now.duration_ms > budget_ms
  return (
    <tr className="align-top">
      <td className="py-2.5!">
        {call_id === null ? (
          from_number
        ) : (
          <Link
            to="/calls/$id"
            params={{ id: call_id }}
            data-row
            className="whitespace-nowrap text-accent underline"
          >
            {from_number}
          </Link>
        )}
        <span className="block text-xs text-muted">
          <Instant at={started_at} />
        </span>
      </td>
      <td>
        <Difference call={call} />
        {gaps.map(({ step, reason }) => (
          <span key={step} className="block text-xs text-muted">
            not certain: {step}, {reason}
          </span>
        ))}
      </td>
      <td>
        {changed.map((name) => (
          <span key={name} className="block text-xs [overflow-wrap:anywhere]">
            <code className="font-mono">{name}</code> {renderValue(was, name)} →{' '}
            <strong>{renderValue(now, name)}</strong>
          </span>
        ))}
      </td>
      <td className="text-right whitespace-nowrap">{renderMs(was.duration_ms)}</td>
      <td className={join('text-right whitespace-nowrap', isLate && 'text-failed-ink')}>
        {renderMs(now.duration_ms)}
        {isLate && <span className="block text-xs">past {renderMs(budget_ms)}</span>}
      </td>
      <td>
        <Link to="/replay" search={{ run: run_id }} className="text-accent underline">
          Replay
        </Link>
      </td>
    </tr>
  )
}

function Difference({ call: { was, now, differs } }: { call: BacktestedCall }) {
  if (differs.length === 0) return <span className="text-muted">alike</span>
  const then = renderAnswer(was.status, was.missing.length)
  const after = renderAnswer(now.status, now.missing.length)
  const isOther = was.outcome.type !== now.outcome.type
  return (
    <span className="flex flex-wrap items-center gap-1.5">
      {then.word === after.word ? (
        <StateBadge state={after.state}>{after.word}</StateBadge>
      ) : (
        <>
          {then.word} → <StateBadge state={after.state}>{after.word}</StateBadge>
        </>
      )}
      {isOther && (
        <span className="text-xs">
          {was.outcome.type} → <strong>{now.outcome.type}</strong>
        </span>
      )}
    </span>
  )
}

const VALUE_MAX = 40

function renderValue({ parameters }: BacktestAnswer, name: string): string {
  const text = JSON.stringify(parameters[name]) ?? 'nothing'
  return text.length <= VALUE_MAX ? text : `${text.slice(0, VALUE_MAX - 1)}…`
}
