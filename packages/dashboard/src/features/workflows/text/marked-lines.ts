// The lines of the step that is selected in the graph, marked in the text.

import { StateEffect, StateField } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view'

/** From 1, both included; null: none. */
export interface LineRange {
  readonly from: number
  readonly to: number
}

export const markLines = StateEffect.define<LineRange | null>()

const line = Decoration.line({ class: 'cm-step-line' })

export const markedLines = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, { effects, changes, state }) {
    let next = marks.map(changes)
    for (const effect of effects) {
      if (!effect.is(markLines)) continue
      const { value } = effect
      const last = Math.min(value?.to ?? 0, state.doc.lines)
      const lines: number[] = []
      for (let number = value?.from ?? 1; number <= last; number += 1) lines.push(number)
      next = Decoration.set(lines.map((number) => line.range(state.doc.line(number).from)))
    }
    return next
  },
  provide: (field) => EditorView.decorations.from(field),
})
