// What is being written, against what it was begun from.
//
// D1. The base stays the version that the editing began with, even when a newer one is read
//     meanwhile; publishing sends it, so nobody's work is replaced unseen.
// D2. A text that equals its base is no change, whatever was typed in between.

import type { Workflow } from '@bookend/contract'
import { useState } from 'react'

interface Base {
  /** Null: the name has no workflow yet. */
  readonly version: string | null
  readonly source: string
}

export interface Draft {
  readonly base: Base
  readonly text: string
  readonly isChanged: boolean
  /** Another version than the base is in use; null in it: none is. */
  readonly newer: { readonly theirs: Workflow | null } | null
  type(text: string): void
  /** From now on edited from `workflow`; the text stays. */
  rebase(workflow: Workflow | null): void
}

/** @param stored What is in use, as it was read last. @param start The text to begin with. */
export function useDraft(stored: Workflow | null, start: string): Draft {
  const [base, setBase] = useState(() => baseOf(stored))
  const [text, setText] = useState(start)
  const isNewer = (stored?.version ?? null) !== base.version
  return {
    base,
    text,
    isChanged: base.version === null || text !== base.source,
    newer: isNewer ? { theirs: stored } : null,
    type: setText,
    rebase: (workflow) => setBase(baseOf(workflow)),
  }
}

const baseOf = (workflow: Workflow | null): Base => ({
  version: workflow?.version ?? null,
  source: workflow?.source ?? '',
})
