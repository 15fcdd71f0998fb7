// The API page at /docs: every route with its schemas, readable without scripts.

import type { Route } from '@bookend/contract'
import { routeList } from '@bookend/contract'
import { z } from 'zod'
import { apiPrefix } from '../app.ts'

const STYLE = `body{font:15px/1.5 ui-sans-serif,system-ui,"Segoe UI",Roboto,sans-serif;margin:0 auto;max-width:60rem;padding:1.5rem;color:#14181f;background:#f5f6f8}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}
details{background:#fff;border:1px solid #d3d8df;border-radius:8px;margin:.4rem 0;padding:.5rem .75rem}
summary{cursor:pointer}code,pre{font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{overflow:auto;background:#f0f2f5;padding:.75rem;border-radius:6px}
.method{display:inline-block;min-width:4rem;font-weight:600}.note{color:#566070}
@media(prefers-color-scheme:dark){body{background:#0e1116;color:#e6eaf0}details{background:#161b22;border-color:#2c343f}pre{background:#0a0d11}.note{color:#9ba6b5}a{color:#8ab4ff}}`

/** @param nonce Allows the page's one style element. */
export function renderApiPage(version: string, nonce: string): string {
  const tags = [...new Set(routeList.map(({ tag }) => tag))]
  const sections = tags.map((tag) => {
    const routes = routeList.filter((route) => route.tag === tag)
    return `<h2>${escape(tag)}</h2>${routes.map(renderRoute).join('')}`
  })
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bookend API</title><style nonce="${nonce}">${STYLE}</style></head><body>
<h1>Bookend API <span class="note">${escape(version)}</span></h1>
<p>Send <code>Authorization: Bearer bk_…</code>. Errors are
<a href="https://www.rfc-editor.org/rfc/rfc9457">problem documents</a>.
The same as <a href="/openapi.json">OpenAPI 3.1</a>.</p>
${sections.join('')}</body></html>`
}

function renderRoute(route: Route): string {
  const { method, path, summary, scope, status } = route
  const parts = [
    ['Path', route.params],
    ['Query', route.query],
    ['Body', route.body],
    [`Answer ${status}`, route.response],
  ] as const
  const schemas = parts.map(([title, schema]) => renderSchema(title, schema)).join('')
  const needs = scope === null ? 'no key' : `scope ${scope}`
  return `<details><summary><code><span class="method">${method}</span> ${escape(apiPrefix + path)}</code>
<br>${escape(summary)} <span class="note">· ${needs}</span></summary>${schemas}</details>`
}

function renderSchema(title: string, schema: z.ZodType | undefined): string {
  if (schema === undefined) return ''
  const io = title.startsWith('Answer') ? 'output' : 'input'
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  if (Object.keys(json['properties'] ?? json).length === 0) return ''
  return `<p>${escape(title)}</p><pre>${escape(JSON.stringify(json, null, 2))}</pre>`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}
const escape = (text: string): string => text.replace(/[&<>"]/g, (found) => ENTITIES[found] ?? '')
