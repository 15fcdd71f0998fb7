import { CliError } from '../cli-error.ts'
import { command, type CommandGroup } from '../command.ts'
import { connect, connectionArgs } from '../connection.ts'

const show = command({
  description: 'Show under which key credentials are kept, and how many under an older one',
  args: { json: { type: 'boolean', description: 'As JSON' }, ...connectionArgs },
  examples: ['bookend secrets show'],
  async run(args, io) {
    const { client } = connect(args, io)
    const keys = await client.call('getSecretKeys', {})
    if (args.json) return io.print(JSON.stringify(keys, null, 2))
    const where = keys.source === 'file' ? 'in the data folder' : 'in BOOKEND_SECRET_KEY'
    io.print(`key ${keys.key_id}, ${where}: ${keys.current} values`)
    const others = keys.previous_key_ids.join(', ') || 'none that this server has'
    io.print(`older keys ${others}: ${keys.others} values`)
  },
})

const rotate = command({
  description: 'Seal every stored credential with the current key, while the server works',
  args: {
    'new-key': {
      type: 'boolean',
      description: 'Make a new key first; where the server keeps its key in the data folder',
    },
    ...connectionArgs,
  },
  examples: ['bookend secrets rotate --new-key', 'bookend secrets rotate'],
  async run(args, io) {
    const { client } = connect(args, io)
    let rotated = 0
    let isNew = args['new-key'] === true
    for (let before = Number.POSITIVE_INFINITY; ;) {
      const answer = await client.call('rotateSecrets', { body: { make_key: isNew } })
      isNew = false
      rotated += answer.rotated
      if (answer.left === 0) {
        io.print(`${rotated} credentials are sealed with key ${answer.key_id}.`)
        return reportUnreadable(answer.unreadable, io)
      }
      if (answer.rotated === 0 && answer.left >= before) {
        throw new CliError(`${answer.left} credentials could not be sealed anew yet`, [
          'Somebody else is writing them. What is done stays done: run this again.',
        ])
      }
      before = answer.left
      io.complain(`${rotated} done, ${answer.left} to go`)
    }
  },
})

function reportUnreadable(count: number, io: { complain(line: string): void }): number {
  if (count === 0) return 0
  io.complain(`${count} could not be opened: this server does not have their key.`)
  io.complain('Put it into BOOKEND_SECRET_KEY_PREVIOUS and run this again, or enter them anew.')
  return 1
}

export const secrets: CommandGroup = {
  description: 'The keys that credentials are kept under',
  examples: ['bookend secrets show', 'bookend secrets rotate --new-key'],
  commands: { show, rotate },
}
