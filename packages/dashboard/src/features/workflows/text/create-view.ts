// The text editor as CodeMirror has it, for a workflow's YAML.
//
// V1. Tab leaves the editor, so that a keyboard can; Ctrl-] indents.
// V2. Its style sheet carries the nonce of the page, which the security policy asks for.

import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from '@codemirror/language'
import { yaml } from '@codemirror/lang-yaml'
import { lintGutter, lintKeymap } from '@codemirror/lint'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { EditorState } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { workflowHighlight } from './highlight.ts'
import { markedLines } from './marked-lines.ts'

export interface ViewOptions {
  readonly parent: Element
  readonly text: string
  readonly label: string
  readonly isReadOnly: boolean
  readonly onChange: (text: string) => void
  /** The line of the cursor, from 1, whenever it goes to another one. */
  readonly onLine: (line: number) => void
}

export function createView(options: ViewOptions): EditorView {
  const { parent, text, label, isReadOnly, onChange, onLine } = options
  return new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        EditorView.cspNonce.of(findNonce()),
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
        EditorState.readOnly.of(isReadOnly),
        EditorState.tabSize.of(2),
        EditorView.lineWrapping,
        lineNumbers(),
        lintGutter(),
        foldGutter(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        highlightSelectionMatches(),
        markedLines,
        yaml(),
        workflowHighlight,
        keymap.of([
          ...closeBracketsKeymap,
          ...defaultKeymap,
          ...searchKeymap,
          ...historyKeymap,
          ...foldKeymap,
          ...lintKeymap,
        ]),
        EditorView.updateListener.of(({ docChanged, selectionSet, state, startState }) => {
          if (docChanged) onChange(state.doc.toString())
          if (!selectionSet && !docChanged) return
          const line = lineOf(state)
          if (line !== lineOf(startState)) onLine(line)
        }),
      ],
    }),
  })
}

const lineOf = ({ doc, selection }: EditorState): number => doc.lineAt(selection.main.head).number

const findNonce = (): string =>
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
