#!/usr/bin/env node
// `npm create bookend <folder>` is `bookend init <folder>`.
import { main } from '@bookend/cli'

process.exitCode = await main(['init', ...process.argv.slice(2)])
