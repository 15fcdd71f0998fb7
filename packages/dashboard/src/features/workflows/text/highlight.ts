// Colours of a workflow's text, all from tokens: one style for both themes.

import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { Decoration, EditorView, MatchDecorator, ViewPlugin } from '@codemirror/view'
import { tags } from '@lezer/highlight'

const style = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.keyword], color: 'var(--bk-code-key)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--bk-code-text)' },
  { tag: [tags.content, tags.attributeValue], color: 'var(--bk-text)' },
  { tag: tags.lineComment, color: 'var(--bk-code-note)', fontStyle: 'italic' },
  {
    tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace, tags.meta],
    color: 'var(--bk-muted)',
  },
  { tag: [tags.labelName, tags.typeName], color: 'var(--bk-code-expression)' },
])

/** YAML sees text in `${{ … }}`; a reader looks for it first. */
const expressions = new MatchDecorator({
  regexp: /\$\{\{.*?\}\}/g,
  decoration: Decoration.mark({ class: 'cm-expression' }),
})

const expressionMarks = ViewPlugin.define(
  (view) => ({
    marks: expressions.createDeco(view),
    update(update) {
      this.marks = expressions.updateDeco(update, this.marks)
    },
  }),
  { decorations: ({ marks }) => marks },
)

const look = EditorView.theme({
  '&': { backgroundColor: 'var(--bk-surface)', color: 'var(--bk-text)', fontSize: '0.8125rem' },
  '&.cm-focused': { outline: '2px solid var(--bk-accent)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.25rem' },
  '.cm-content': { caretColor: 'var(--bk-text)' },
  // The editor as a whole has the outline.
  '.cm-content:focus-visible': { outline: 'none' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--bk-text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { backgroundColor: 'var(--bk-code-selection)' },
  '.cm-activeLine, .cm-activeLineGutter': {
    backgroundColor: 'color-mix(in srgb, var(--bk-sunken) 60%, transparent)',
  },
  '.cm-gutters': {
    backgroundColor: 'var(--bk-surface)',
    borderRight: '1px solid var(--bk-border)',
    color: 'var(--bk-muted)',
  },
  '.cm-expression, .cm-expression span': { color: 'var(--bk-code-expression)' },
  '&.cm-focused .cm-matchingBracket': {
    backgroundColor: 'transparent',
    outline: '1px solid var(--bk-control)',
  },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'transparent' },
  '.cm-selectionMatch': { backgroundColor: 'transparent', outline: '1px solid var(--bk-border)' },
  '.cm-step-line': { boxShadow: 'inset 3px 0 var(--bk-accent)' },
  '.cm-foldPlaceholder': {
    backgroundColor: 'var(--bk-sunken)',
    border: '1px solid var(--bk-control)',
    color: 'var(--bk-muted)',
  },
  '.cm-panels': { backgroundColor: 'var(--bk-sunken)', color: 'var(--bk-text)' },
  '.cm-panels-bottom': { borderTop: '1px solid var(--bk-border)' },
  '.cm-textfield': {
    backgroundColor: 'var(--bk-surface)',
    border: '1px solid var(--bk-control)',
    color: 'var(--bk-text)',
  },
  '.cm-button': {
    backgroundColor: 'var(--bk-surface)',
    backgroundImage: 'none',
    border: '1px solid var(--bk-control)',
    color: 'var(--bk-text)',
  },
  '.cm-panel.cm-search [name=close]': { color: 'var(--bk-text)' },
  '.cm-searchMatch': { backgroundColor: 'var(--bk-default-tint)' },
  '.cm-searchMatch-selected': { outline: '2px solid var(--bk-default-bar)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--bk-surface)',
    border: '1px solid var(--bk-control)',
    borderRadius: '6px',
    color: 'var(--bk-text)',
    maxWidth: 'min(32rem, 90vw)',
  },
  '.cm-diagnostic': { fontFamily: 'var(--font-sans)', whiteSpace: 'pre-wrap' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--bk-failed-bar)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--bk-default-bar)' },
  '.cm-lintRange-error, .cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecorationLine: 'underline',
    textDecorationStyle: 'wavy',
    textDecorationSkipInk: 'none',
    textUnderlineOffset: '3px',
  },
  '.cm-lintRange-error': { textDecorationColor: 'var(--bk-failed-bar)' },
  '.cm-lintRange-warning': { textDecorationColor: 'var(--bk-default-bar)' },
})

export const workflowHighlight: Extension = [syntaxHighlighting(style), expressionMarks, look]
