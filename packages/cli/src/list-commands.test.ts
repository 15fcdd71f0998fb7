import { expect, test } from 'vitest'
import { root } from './command-tree.ts'
import { listCommands } from './list-commands.ts'

test('the list of commands says of each what it says of itself', async () => {
  const said = (await listCommands(root)).filter(({ path }) => /^[\w-]+$/.test(path))
  expect(said.map(({ path, target }) => [path, target.description])).toEqual(
    Object.entries(root.commands).map(([name, { description }]) => [name, description]),
  )
})
