#!/usr/bin/env node
// A file that exists before anything is built, so that installing can link it.
import { existsSync } from 'node:fs'
import * as module from 'node:module'

const built = new URL('../dist/main.js', import.meta.url)
if (existsSync(built)) {
  // From Node 22 on, what was compiled once is taken from a cache at the next start.
  module.enableCompileCache?.()
  const { main } = await import(built.href)
  process.exitCode = await main(process.argv.slice(2))
} else {
  process.stderr.write('bookend is not built yet; run: npm run build\n')
  process.exitCode = 1
}
