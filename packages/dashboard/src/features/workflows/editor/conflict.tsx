import type { Workflow } from '@bookend/contract'
import { useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { TextDiff } from '../diff/text-diff.tsx'

interface ConflictProps {
  /** What the editing began with. */
  base: string
  /** What is in use by now; null: nothing of that name any more. */
  theirs: Workflow | null
  yours: string
  onTakeTheirs: () => void
  onKeepYours: () => void
}

const VIEWS = {
  theirs: 'What they changed',
  yours: 'What you changed',
  both: 'Yours against theirs',
} as const
type View = keyof typeof VIEWS

/** Somebody else published meanwhile: theirs, base and yours, and a choice that loses nothing unseen. */
export function Conflict({ base, theirs, yours, onTakeTheirs, onKeepYours }: ConflictProps) {
  const [view, setView] = useState<View>('theirs')
  const their = theirs?.source ?? ''
  const texts = { theirs: [base, their], yours: [base, yours], both: [their, yours] } as const
  const [before, after] = texts[view]
  if (theirs === null) {
    return (
      <Notice
        state="cut"
        title="Somebody took this workflow out of use."
        action={<Button onClick={onKeepYours}>Publish mine as a new one</Button>}
      >
        <p>Nothing was published, and your text is still here.</p>
      </Notice>
    )
  }
  return (
    <div className="grid gap-3">
      <Notice
        state="cut"
        title="Somebody else published meanwhile."
        action={
          <span className="flex flex-wrap gap-2">
            <Button onClick={onTakeTheirs}>Take theirs, drop mine</Button>
            <Button onClick={onKeepYours}>Keep mine on top of theirs</Button>
          </span>
        }
      >
        <p>
          Version {theirs.version.slice(0, 8)} is in use now. Your text is still here and not
          published.
        </p>
      </Notice>
      <fieldset className="flex flex-wrap gap-1">
        <legend className="sr-only">Compare</legend>
        {(Object.keys(VIEWS) as View[]).map((each) => (
          <Button
            key={each}
            look={each === view ? 'plain' : 'quiet'}
            aria-pressed={each === view}
            onClick={() => setView(each)}
          >
            {VIEWS[each]}
          </Button>
        ))}
      </fieldset>
      <TextDiff label={VIEWS[view]} before={before} after={after} />
    </div>
  )
}
