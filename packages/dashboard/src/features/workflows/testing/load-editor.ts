// Loads what a screen would load when it is opened, so that no test waits for that.

import { configure } from '@testing-library/react'

/** For a busy machine: what is awaited comes, only later. */
const PATIENCE_MS = 10_000

export async function loadEditor(): Promise<void> {
  configure({ asyncUtilTimeout: PATIENCE_MS })
  await Promise.all([
    import('../editor/editor-screen.tsx'),
    import('../form/step-form.tsx'),
    import('../graph/step-graph.tsx'),
  ])
}
