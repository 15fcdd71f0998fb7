import { findFailure } from '../../api/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Instant } from '../../ui/instant.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useMay } from '../session/may.ts'
import { type PauseSubject, usePause, useResume } from './queries.ts'

/** Says that work is held, by whom and why, and lets it go on. */
export function PausedNotice({ subject }: { subject: PauseSubject }) {
  const pause = usePause(subject)
  const resume = useResume(subject)
  const mayWrite = useMay('write')
  if (pause === null) return null
  return (
    <Notice
      state="wait"
      title={`Paused by ${pause.by}`}
      action={
        mayWrite && (
          <Button busy={resume.isPending} onClick={() => resume.mutate()}>
            Resume {subject.name}
          </Button>
        )
      }
    >
      <p className="[overflow-wrap:anywhere]">
        {pause.reason !== null && `${pause.reason}. `}Since <Instant at={pause.at} />.
      </p>
      {resume.error !== null && <p>{findFailure(resume.error).detail}</p>}
    </Notice>
  )
}
