// How long answers took, hour by hour, under the deadline that the platform gives them.

import type { Overview } from '@bookend/contract'
import { renderCount, renderLimit, renderMs } from '../../format/duration.ts'
import { renderClock } from '../../format/instant.ts'
import { Card } from '../../ui/card.tsx'
import { layOutTimes } from './times-geometry.ts'

const WIDTH = 640
const HEIGHT = 160

export function AnswerTimes({ overview }: { overview: Overview }) {
  const { hours, deadline_ms: deadlineMs } = overview.pre_call
  return (
    <Card title="Answer time, hour by hour">
      {hours.length === 0 ? (
        <p className="text-muted">No call was answered in the last 24 hours.</p>
      ) : (
        <>
          <Chart overview={overview} />
          <p className="mt-2 flex flex-wrap gap-x-4 text-xs text-muted">
            <span>
              <span
                aria-hidden="true"
                className="mr-1.5 inline-block h-0.5 w-4 bg-text align-middle"
              />
              95 % within
            </span>
            <span>
              <span
                aria-hidden="true"
                className="mr-1.5 inline-block h-0.5 w-4 bg-accent align-middle"
              />
              half within
            </span>
            {deadlineMs !== null && (
              <span>
                <span
                  aria-hidden="true"
                  className="mr-1.5 inline-block h-0.5 w-4 bg-failed-bar align-middle"
                />
                deadline {renderLimit(deadlineMs)}
              </span>
            )}
          </p>
          <details className="mt-2">
            <summary className="min-h-6 text-xs text-muted">Show as table</summary>
            <table className="bk-table mt-2 w-full">
              <thead>
                <tr>
                  <th scope="col">Hour from</th>
                  <th scope="col">Answers</th>
                  <th scope="col">Half within</th>
                  <th scope="col">95 % within</th>
                </tr>
              </thead>
              <tbody>
                {hours.map(({ at, answered, p50_ms, p95_ms }) => (
                  <tr key={at}>
                    <td>{renderClock(new Date(at))}</td>
                    <td>{renderCount(answered)}</td>
                    <td>{renderMs(p50_ms)}</td>
                    <td>{renderMs(p95_ms)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </details>
        </>
      )}
    </Card>
  )
}

function Chart({ overview }: { overview: Overview }) {
  const { since, pre_call: answers } = overview
  const chart = layOutTimes({
    hours: answers.hours,
    sinceMs: Date.parse(since),
    deadlineMs: answers.deadline_ms,
    width: WIDTH,
    height: HEIGHT,
  })
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label="Answer times of the last 24 hours; the table below holds the numbers"
      className="h-40 w-full overflow-visible"
    >
      <line x1={0} x2={WIDTH} y1={HEIGHT} y2={HEIGHT} className="stroke-border" />
      {chart.deadlineY !== null && (
        <line
          x1={0}
          x2={WIDTH}
          y1={chart.deadlineY}
          y2={chart.deadlineY}
          vectorEffect="non-scaling-stroke"
          strokeWidth={2}
          className="stroke-failed-bar"
        />
      )}
      {chart.bars.map(({ at, x, width, p95Y, p50Y }) => (
        <g key={at} strokeWidth={2}>
          <rect x={x} width={width} y={p95Y} height={HEIGHT - p95Y} className="fill-sunken" />
          <line
            x1={x}
            x2={x + width}
            y1={p95Y}
            y2={p95Y}
            vectorEffect="non-scaling-stroke"
            className="stroke-text"
          />
          <line
            x1={x}
            x2={x + width}
            y1={p50Y}
            y2={p50Y}
            vectorEffect="non-scaling-stroke"
            className="stroke-accent"
          />
        </g>
      ))}
    </svg>
  )
}
