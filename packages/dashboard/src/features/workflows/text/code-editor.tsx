import { setDiagnostics } from '@codemirror/lint'
import { EditorView } from '@codemirror/view'
import { type Ref, useEffect, useEffectEvent, useImperativeHandle, useRef } from 'react'
import type { Fault } from '../editor/faults.ts'
import { createView } from './create-view.ts'
import { type LineRange, markLines } from './marked-lines.ts'
import { toDiagnostics } from './to-diagnostics.ts'

/** What the rest of the screen does to the text; each is one step of its undo history. */
export interface CodeHandle {
  /** Puts the cursor there and the focus with it; both count from 1. */
  goTo(line: number, column: number): void
  /** Shows a line without taking the focus. */
  reveal(line: number): void
  /** Replaces the whole text; what stays the same is left alone. */
  setText(text: string): void
  /** In place of the selection. */
  insert(text: string): void
}

interface CodeEditorProps {
  /** The text to begin with; afterwards the editor's own counts. */
  text: string
  label: string
  isReadOnly: boolean
  faults: readonly Fault[]
  marked: LineRange | null
  onChange: (text: string) => void
  onLine: (line: number) => void
  ref: Ref<CodeHandle>
}

export function CodeEditor(props: CodeEditorProps) {
  const { text, label, isReadOnly, faults, marked, onChange, onLine, ref } = props
  const parent = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const changed = useEffectEvent(onChange)
  const moved = useEffectEvent(onLine)
  const atStart = useRef(text)
  const markedAtStart = useRef(marked)

  useEffect(() => {
    if (parent.current === null) return
    const made = createView({
      parent: parent.current,
      text: atStart.current,
      label,
      isReadOnly,
      onChange(now) {
        atStart.current = now
        changed(now)
      },
      onLine: (line) => moved(line),
    })
    view.current = made
    const { current: range } = markedAtStart
    if (range !== null) reveal(made, range.from)
    return () => {
      view.current = null
      made.destroy()
    }
  }, [label, isReadOnly])

  useEffect(() => {
    const { current } = view
    if (current === null) return
    current.dispatch(setDiagnostics(current.state, toDiagnostics(faults, current.state.doc)))
  }, [faults])

  const { from, to } = marked ?? { from: 0, to: 0 }
  useEffect(() => {
    view.current?.dispatch({ effects: markLines.of(from === 0 ? null : { from, to }) })
  }, [from, to])

  useImperativeHandle(ref, () => ({
    goTo(line, column) {
      const { current } = view
      if (current === null) return
      const anchor = placeOf(current, line, column)
      current.dispatch({ selection: { anchor }, scrollIntoView: true })
      current.focus()
    },
    reveal(line) {
      const { current } = view
      if (current !== null) reveal(current, line)
    },
    setText(next) {
      const { current } = view
      if (current === null) return
      const changes = findChange(current.state.doc.toString(), next)
      if (changes !== null) current.dispatch({ changes, userEvent: 'input' })
    },
    insert(inserted) {
      const { current } = view
      if (current === null) return
      current.dispatch(current.state.replaceSelection(inserted))
      current.focus()
    },
  }))

  return <div ref={parent} className="h-full min-h-64 [&>.cm-editor]:h-full" />
}

const reveal = (view: EditorView, line: number): void =>
  view.dispatch({ effects: EditorView.scrollIntoView(placeOf(view, line, 1), { y: 'center' }) })

function placeOf({ state: { doc } }: EditorView, line: number, column: number): number {
  const { from, to } = doc.line(Math.min(Math.max(line, 1), doc.lines))
  return Math.min(from + Math.max(column - 1, 0), to)
}

interface Change {
  from: number
  to: number
  insert: string
}

/** The one stretch in which two texts differ, so that the cursor and marks around it stay. */
function findChange(before: string, after: string): Change | null {
  if (before === after) return null
  const most = Math.min(before.length, after.length)
  let start = 0
  while (start < most && before[start] === after[start]) start += 1
  let end = 0
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end += 1
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) }
}
