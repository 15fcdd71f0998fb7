import { toneOf } from '../../../ui/state-badge.tsx'
import { diffLines, type DiffRow, foldSame } from './diff-lines.ts'

const LOOKS = {
  added: { sign: '+', word: 'added: ', tone: toneOf('ok') },
  removed: { sign: '−', word: 'removed: ', tone: toneOf('cut') },
} as const

interface TextDiffProps {
  before: string
  after: string
  label: string
}

/** The second text against the first. */
export function TextDiff({ before, after, label }: TextDiffProps) {
  const rows = foldSame(diffLines(before, after))
  const isSame = rows.every(({ kind }) => kind === 'folded')
  return (
    <section
      aria-label={label}
      // A region that scrolls must be reachable from the keyboard.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className="max-h-96 overflow-auto rounded-control border border-border bg-surface py-1"
    >
      {isSame ? (
        <p className="px-3 py-1 text-muted">Nothing differs.</p>
      ) : (
        <div className="min-w-max font-mono text-xs">
          {rows.map((row, at) => (
            // Rows have no name of their own, and never move.
            // oxlint-disable-next-line react/no-array-index-key
            <Row key={at} row={row} />
          ))}
        </div>
      )}
    </section>
  )
}

function Row({ row }: { row: DiffRow }) {
  if (row.kind === 'folded') {
    const { lines } = row
    return (
      <div className="px-3 py-0.5 text-muted">
        ⋯ {lines === 1 ? '1 line' : `${lines} lines`} the same
      </div>
    )
  }
  if (row.kind === 'same') return <div className="pr-3 pl-7 whitespace-pre">{row.text}</div>
  const { sign, word, tone } = LOOKS[row.kind]
  return (
    <div style={tone} className="bg-(--tint) px-3 whitespace-pre text-(--ink)">
      <span aria-hidden="true" className="inline-block w-4 select-none">
        {sign}
      </span>
      <span className="sr-only">{word}</span>
      {row.text}
    </div>
  )
}
