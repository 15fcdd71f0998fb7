import { expect, test } from 'vitest'
import { renderGuide } from './testing/render-guide.ts'

test('docs/guides/command-line.md says what the commands say of themselves', async () => {
  await expect(await renderGuide()).toMatchFileSnapshot('../../../docs/guides/command-line.md')
})
