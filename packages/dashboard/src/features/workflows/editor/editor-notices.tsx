import type { Workflow } from '@bookend/contract'
import { ApiError } from '@bookend/sdk/client'
import { findFailure } from '../../../api/failure.ts'
import { Notice } from '../../../ui/notice.tsx'

interface EditorNoticesProps {
  stored: Workflow | null
  mayWrite: boolean
  /** Of the last try to publish. */
  error: Error | null
}

/** Why the text cannot be changed, or was not taken. */
export function EditorNotices({ stored, mayWrite, error }: EditorNoticesProps) {
  const isRefused = error instanceof ApiError && error.code === 'state_conflict'
  return (
    <>
      {stored?.origin === 'file' && (
        <Notice state="skipped" title="This workflow is a file of the server's folder.">
          <p>Change the file and it is loaded; what is published under its name gives way to it.</p>
        </Notice>
      )}
      {!mayWrite && <p className="text-muted">Your key may read workflows but not publish them.</p>}
      {isRefused && (
        <Notice state="failed" title="Not published.">
          <p>{findFailure(error).detail}</p>
        </Notice>
      )}
    </>
  )
}
