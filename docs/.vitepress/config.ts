// The documentation site: the Markdown of this folder, as it is read in the repository.
//
//   npm run -w docs dev      # while writing
//   npm run -w docs build    # to docs/.vitepress/dist; fails on a link that leads nowhere
//
// `BOOKEND_DOCS_BASE=/bookend/` for a site that is not at the root of its host.

import { defineConfig } from 'vitepress'
import { sidebar } from './sidebar.ts'

export default defineConfig({
  title: 'Bookend',
  description: 'The work on both ends of an AI phone call',
  base: process.env['BOOKEND_DOCS_BASE'] ?? '/',
  cleanUrls: true,
  // A folder's README is its page.
  rewrites: { ':folder/README.md': ':folder/index.md' },
  // What is outside this folder is read in the repository.
  ignoreDeadLinks: [/\.\.\/(examples|packages|bench)\//],
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    // The {id} of a path and the {{placeholder}} of a prompt are text here.
    attrs: { disable: true },
    config(md) {
      md.renderer.rules['code_inline'] = (tokens, index) =>
        `<code v-pre>${md.utils.escapeHtml(tokens[index]?.content ?? '')}</code>`
    },
  },
  themeConfig: {
    nav: [
      { text: 'Quick start', link: '/guides/run-it' },
      { text: 'Concepts', link: '/concepts/' },
      { text: 'Recipes', link: '/recipes/' },
      { text: 'Reference', link: '/reference/api' },
    ],
    sidebar: sidebar(),
    search: { provider: 'local' },
    outline: [2, 3],
  },
})
