// One workflow's text, with the server's verdict beside it while it is written, and what it draws.
//
//   text ─▶ check (server) ─▶ squiggles, list, budget, graph
//   Publish… ─▶ review ─▶ PUT with If-Match ─▶ in use, or theirs / base / yours
//
// E1. Problems keep a text from being published, never from being written.
// E2. The selected step is one: in the address, in the graph, in the form and in the text.

import type { Workflow } from '@bookend/contract'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useRef, useState } from 'react'
import { isStatus } from '../../../api/failure.ts'
import { Button } from '../../../ui/button.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useMay } from '../../session/may.ts'
import { GraphCard } from '../graph/graph-card.tsx'
import { graphOfSteps } from '../graph/graph-of-steps.ts'
import type { CodeHandle } from '../text/code-editor.tsx'
import { AboveEditor } from './above-editor.tsx'
import { BudgetMeter } from './budget-meter.tsx'
import { Conflict } from './conflict.tsx'
import { EditorNotices } from './editor-notices.tsx'
import { FaultList } from './fault-list.tsx'
import { type Fault, findFaults, findNext } from './faults.ts'
import { findEvent, findSteps, stepAt } from './find-steps.ts'
import { LeaveGuard } from './leave-guard.tsx'
import { useCheck, usePublish } from './queries.ts'
import { Review } from './review.tsx'
import type { EditorSearch } from './search.ts'
import { StepCard } from './step-card.tsx'
import { TextCard } from './text-card.tsx'
import { useDraft } from './use-draft.ts'
import { useEditorKeys } from './use-editor-keys.ts'
import { useLastValid } from './use-last-valid.ts'

interface WorkflowEditorProps {
  name: string
  /** What is in use, as it was read last; null for a new name. */
  stored: Workflow | null
  /** The text to begin with. */
  start: string
  /** Reads anew what is in use. */
  reload: () => Promise<unknown>
}

const route = getRouteApi('/workflows/$name/edit')

export function WorkflowEditor({ name, stored, start, reload }: WorkflowEditorProps) {
  const { step: selected } = route.useSearch()
  const navigate = route.useNavigate()
  const code = useRef<CodeHandle>(null)
  const line = useRef(1)
  const [isReviewing, setIsReviewing] = useState(false)
  const [note, setNote] = useState('')
  const mayWrite = useMay('write')
  const draft = useDraft(stored, start)
  const checked = useCheck(name, draft.text)
  const publish = usePublish(name)
  const valid = useLastValid(checked.check)
  const { base, text, isChanged, newer } = draft

  /** A starter that nobody typed in is no loss. */
  const untouched = base.version === null ? start : null
  const isReadOnly = !mayWrite || stored?.origin === 'file'
  // One list for one verdict: until the next, the text carries its marks along by itself.
  const faults = useMemo(() => findFaults(checked.check), [checked.check])
  const steps = findSteps(text)
  const marked = steps.find((step) => step.name === selected) ?? null

  const select = (step: string): void => {
    const search = (now: EditorSearch): EditorSearch => ({ ...now, step })
    void navigate({ search, replace: true, resetScroll: false })
  }
  /** What to begin with has done its part; a reload shows what is published. */
  const forgetStart = (): void => {
    const search = selected === undefined ? {} : { step: selected }
    void navigate({ search, replace: true, resetScroll: false })
  }
  const open = (step: string): void => {
    select(step)
    const place = steps.find((placed) => placed.name === step)
    if (place !== undefined) code.current?.reveal(place.from)
  }
  const openFault = (fault: Fault | null): void => {
    if (fault !== null) code.current?.goTo(fault.line ?? 1, fault.column ?? 1)
  }
  const review = (): void => {
    if (isReadOnly || isReviewing) return
    if (!isChanged) return setNote('Nothing has changed.')
    const problems = faults.filter(({ severity }) => severity === 'problem')
    if (checked.isCurrent && problems.length > 0) {
      setNote('Not published: the text has problems.')
      return openFault(findNext(problems, 0))
    }
    setNote('')
    publish.reset()
    setIsReviewing(true)
  }
  const send = (): void => {
    publish.mutate(
      { source: text, from: base.version },
      {
        onSuccess(workflow) {
          draft.rebase(workflow)
          setIsReviewing(false)
          forgetStart()
          setNote(`Published as version ${workflow.version.slice(0, 8)}.`)
        },
        onError(error) {
          if (isStatus(error, 409)) void reload().then(() => setIsReviewing(false))
        },
      },
    )
  }
  const takeTheirs = (): void => {
    draft.rebase(stored)
    code.current?.setText(stored?.source ?? '')
    setNote('Their version is shown; undo brings yours back.')
  }
  useEditorKeys({
    onPublish: review,
    onNextFault: () => openFault(findNext(faults, line.current)),
  })

  return (
    <>
      <PageTitle
        title={name}
        tabTitle={`Edit ${name}`}
        above={<AboveEditor name={name} isNew={stored === null} />}
      >
        <BudgetMeter check={valid} />
        {!isReadOnly && (
          <Button look="primary" disabled={!isChanged} onClick={review}>
            Publish…
          </Button>
        )}
      </PageTitle>
      <div className="grid grid-cols-1 gap-4">
        <EditorNotices stored={stored} mayWrite={mayWrite} error={publish.error} />
        {newer !== null && !publish.isPending && (
          <Conflict
            base={base.source}
            theirs={newer.theirs}
            yours={text}
            onTakeTheirs={takeTheirs}
            onKeepYours={() => draft.rebase(stored)}
          />
        )}
        {valid !== null && (
          <GraphCard
            name={name}
            graph={graphOfSteps({
              kind: valid.kind ?? 'pre-call',
              on: findEvent(text),
              steps: valid.steps,
            })}
            aside={
              checked.check?.valid === false && (
                <p className="text-xs text-muted">as of the last text without problems</p>
              )
            }
            selected={selected}
            onSelect={open}
          />
        )}
        <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
          <div className="grid min-w-0 gap-4">
            <TextCard
              ref={code}
              name={name}
              text={start}
              note={
                note !== '' ? note : isReadOnly ? 'read only' : describe(isChanged, base.version)
              }
              isReadOnly={isReadOnly}
              faults={faults}
              marked={marked}
              onChange={(now) => {
                draft.type(now)
                setNote('')
              }}
              onLine={(now) => {
                line.current = now
                const at = stepAt(steps, now)
                if (at !== null && at.name !== selected) select(at.name)
              }}
            />
            <FaultList faults={faults} checked={checked} onOpen={openFault} />
          </div>
          <StepCard
            workflow={name}
            text={text}
            step={marked}
            isReadOnly={isReadOnly}
            onEdit={(now) => code.current?.setText(now)}
            onRename={(now, to) => {
              code.current?.setText(now)
              select(to)
            }}
          />
        </div>
      </div>
      <Review
        isOpen={isReviewing}
        name={name}
        before={base.version === null ? null : base.source}
        after={text}
        check={checked.isCurrent ? checked.check : null}
        busy={publish.isPending}
        error={isStatus(publish.error, 409) ? null : publish.error}
        onPublish={send}
        onClose={() => setIsReviewing(false)}
      />
      <LeaveGuard name={name} isChanged={!isReadOnly && isChanged && text !== untouched} />
    </>
  )
}

function describe(isChanged: boolean, version: string | null): string {
  if (version === null) return 'new, not published yet'
  return isChanged ? 'changed, not published' : `as published, version ${version.slice(0, 8)}`
}
