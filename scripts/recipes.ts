// Puts the files of examples/recipes into the pages that show them: `npm run reference`. A block of
// code stands below a comment that names its file, and a test holds that it is that file.

import { readFile, readdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const BLOCK = /<!-- (examples\/[a-z0-9/.-]+) -->\n\n```(\w+)\n[\s\S]*?```/g

/** The pages of docs/recipes, as paths. */
export const recipePages = async (): Promise<readonly string[]> =>
  (await readdir(`${root}docs/recipes`)).map((page) => `${root}docs/recipes/${page}`)

/** The page's text with each block as its file is now. */
export async function renderRecipes(page: string): Promise<string> {
  const text = await readFile(page, 'utf8')
  const files = new Map<string, string>()
  for (const [, file = ''] of text.matchAll(BLOCK)) {
    files.set(file, await readFile(`${root}${file}`, 'utf8'))
  }
  return text.replaceAll(
    BLOCK,
    (_, file: string, language: string) =>
      `<!-- ${file} -->\n\n\`\`\`${language}\n${files.get(file) ?? ''}\`\`\``,
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const page of await recipePages()) await writeFile(page, await renderRecipes(page))
}
