// The page behind a handoff's link: HTML alone, no script, readable on a phone.
//
// M1. Every text is escaped where it is put in; `markup` knows nothing else (E1).

import type { Handoff } from '@bookend/contract'
import { createHash } from 'node:crypto'
import type { Field, Sent } from './form-fields.ts'

class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}
type Part = Markup | string | number | null | readonly Markup[]

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escape = (text: string): string => text.replace(/[&<>"']/g, (one) => ENTITIES[one] ?? '')

function markup(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const render = (part: Part | undefined): string => {
    if (part === null || part === undefined) return ''
    if (part instanceof Markup) return part.text
    if (typeof part === 'object') return part.map(({ text }) => text).join('')
    return escape(String(part))
  }
  return new Markup(texts.map((text, at) => text + render(parts[at])).join(''))
}

const STYLE = `
:root{color-scheme:light dark;--line:#8886;--accent:#0a6e5c}
*{box-sizing:border-box}
body{margin:0;font:16px/1.5 system-ui,sans-serif;padding:1.5rem 1rem}
main{max-width:34rem;margin:0 auto}
h1{font-size:1.35rem;line-height:1.3;margin:0 0 .25rem;overflow-wrap:anywhere}
p{margin:.25rem 0}.dim{opacity:.75}
fieldset{border:0;margin:1.25rem 0 0;padding:0;min-width:0}
legend,label.name{display:block;font-weight:600;padding:0;margin:1.25rem 0 .25rem}
label.pick{display:flex;gap:.6rem;align-items:center;padding:.55rem .7rem;border:1px solid var(--line);border-radius:.5rem;margin:.3rem 0}
input[type=text],input[type=email],input[type=url],input[type=date],input[type=number],textarea{width:100%;font:inherit;padding:.6rem;border:1px solid var(--line);border-radius:.5rem;background:transparent;color:inherit}
textarea{min-height:6rem}input[type=radio],input[type=checkbox]{width:1.15rem;height:1.15rem;accent-color:var(--accent);flex:none}
button{font:inherit;font-weight:600;width:100%;margin:1.75rem 0 0;padding:.8rem;border:0;border-radius:.5rem;background:var(--accent);color:#fff}
.fault{color:#b3261e;font-weight:600}@media(prefers-color-scheme:dark){.fault{color:#ff9a90}}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
`

export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  // The address is the credential: it goes to nobody and stays nowhere.
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex, nofollow',
  'x-frame-options': 'DENY',
} as const

const page = (title: string, body: Markup): string =>
  markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>${new Markup(STYLE)}</style>
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html>`.text

export function renderNotice(title: string, ...lines: readonly string[]): string {
  return page(title, markup`<h1>${title}</h1>${lines.map((line) => markup`<p>${line}</p>`)}`)
}

export interface AskPage {
  readonly handoff: Handoff
  readonly fields: readonly Field[]
  readonly nonce: string
  /** What was sent before, when it has to be sent again. */
  readonly sent: Sent | null
  readonly name: string
  /** By the field's name; under `''` what is of none. */
  readonly faults: ReadonlyMap<string, string>
}

export function renderAsk({ handoff, fields, nonce, sent, name, faults }: AskPage): string {
  const { title, assign, due_at, from_number } = handoff
  const facts = [
    from_number === null ? null : `About a call from ${from_number}`,
    assign === null ? null : `For ${assign}`,
    `To be answered by ${renderInstant(due_at)}`,
  ].filter((line) => line !== null)
  const general = faults.get('')
  return page(
    title,
    markup`<h1>${title}</h1>
      ${facts.map((fact) => markup`<p class="dim">${fact}</p>`)}
      ${general === undefined ? null : markup`<p class="fault" role="alert">${general}</p>`}
      <form method="post" accept-charset="utf-8">
        <input type="hidden" name="nonce" value="${nonce}" />
        ${fields.map((field) => renderField(field, sent, faults.get(field.name) ?? null))}
        <label class="name" for="by">Your name</label>
        <input type="text" id="by" name="by" maxlength="80" required autocomplete="name" value="${name}" />
        <button type="submit">Send the answer</button>
      </form>`,
  )
}

export const renderInstant = (instant: string): string =>
  `${instant.slice(0, 16).replace('T', ' ')} UTC`

function renderField(field: Field, sent: Sent | null, fault: string | null): Markup {
  const alert = fault === null ? null : markup`<p class="fault" role="alert">${fault}</p>`
  const hint = field.hint === null ? null : markup`<p class="dim">${field.hint}</p>`
  const label = field.isRequired ? field.label : `${field.label} (optional)`
  if (field.kind === 'yes_no') {
    return markup`<fieldset>
      ${pick('checkbox', field, 'yes', field.label, sent?.get(field.input) === 'yes', false)}
      ${hint}${alert}
    </fieldset>`
  }
  if (field.kind === 'choice' || field.kind === 'choices') {
    const type = field.kind === 'choice' ? 'radio' : 'checkbox'
    const chosen = sent?.getAll(field.input) ?? []
    return markup`<fieldset>
      <legend>${label}</legend>
      ${hint}
      ${field.options.map((option) =>
        pick(
          type,
          field,
          option,
          option,
          chosen.includes(option),
          type === 'radio' && field.isRequired,
        ),
      )}
      ${alert}
    </fieldset>`
  }
  return markup`<label class="name" for="${field.input}">${label}</label>
    ${hint}${renderInput(field, sent?.get(field.input) ?? '')}${alert}`
}

const attribute = (name: string, value: number | null): Markup | null =>
  value === null ? null : new Markup(` ${name}="${value}"`)

function renderInput(field: Field, value: string): Markup {
  const { input } = field
  const required = field.isRequired ? new Markup(' required') : null
  switch (field.kind) {
    case 'number':
      return markup`<input type="number" step="any" id="${input}" name="${input}" value="${value}"${attribute('min', field.min)}${attribute('max', field.max)}${required} />`
    case 'line':
      return markup`<input type="${field.type}" id="${input}" name="${input}" value="${value}"${attribute('maxlength', field.maxLength)}${required} />`
    case 'json':
      return markup`<p class="dim">As JSON</p><textarea id="${input}" name="${input}" spellcheck="false"${required}>${value}</textarea>`
    case 'text':
      return markup`<textarea id="${input}" name="${input}"${attribute('maxlength', field.maxLength)}${required}>${value}</textarea>`
    case 'yes_no':
    case 'choice':
    case 'choices':
      throw new TypeError(`${field.name} is picked, not written`)
  }
}

function pick(
  type: 'radio' | 'checkbox',
  { input }: Field,
  value: string,
  label: string,
  isChecked: boolean,
  isRequired: boolean,
): Markup {
  const flags = `${isChecked ? ' checked' : ''}${isRequired ? ' required' : ''}`
  return markup`<label class="pick"
    ><input type="${type}" name="${input}" value="${value}"${new Markup(flags)} /><span
      >${label}</span
    ></label
  >`
}
