import { CliError } from '../cli-error.ts'
import { command } from '../command.ts'
import { root } from '../command-tree.ts'
import { renderBash } from '../completion/bash.ts'
import { findPlaces } from '../completion/words.ts'
import { renderZsh } from '../completion/zsh.ts'
import { listCommands } from '../list-commands.ts'

const SHELLS = { bash: renderBash, zsh: renderZsh } as const

export const completion = command({
  description: 'Print what lets a shell complete commands and options',
  args: {
    shell: { type: 'positional', required: true, description: Object.keys(SHELLS).join(' or ') },
  },
  examples: [
    'bookend completion bash           for source <(…) in ~/.bashrc',
    'bookend completion zsh            for a file _bookend in a folder of $fpath',
  ],
  async run({ shell }, io) {
    const render = shell === 'bash' || shell === 'zsh' ? SHELLS[shell] : null
    if (render === null) {
      throw new CliError(`There is no completion for "${shell}"`, [
        `There is one for ${Object.keys(SHELLS).join(' and ')}`,
      ])
    }
    io.print(render(findPlaces(await listCommands(root))))
  },
})
