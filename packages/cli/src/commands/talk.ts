import { findAgent } from '../call/find-agent.ts'
import { holdTalk } from '../call/hold-talk.ts'
import { command } from '../command.ts'
import { connect, connectionArgs } from '../connection.ts'
import { listenForStop } from '../stop-signal.ts'
import { findRepeated } from './find-repeated.ts'
import { parseSettings } from './parse-settings.ts'

export const talk = command({
  description: 'Talk to an agent: the pre-call workflow runs, then you type what the caller says',
  args: {
    agent: { type: 'positional', description: 'Its name or id', required: true },
    from: {
      type: 'string',
      default: '+15550100001',
      valueHint: 'number',
      description: 'Who calls',
    },
    set: {
      type: 'string',
      valueHint: 'name=value',
      description: 'A parameter the call brings along; may be repeated',
    },
    ...connectionArgs,
  },
  examples: [
    'bookend talk "Front desk"',
    'bookend talk "Front desk" --from +15550100002 --set vip=true',
    'printf "When are you open?\\nThanks\\n" | bookend talk "Front desk"',
  ],
  async run(args, io, words) {
    const params = parseSettings(findRepeated(words, 'set'))
    const { client, url } = connect(args, io)
    const agent = await findAgent(client, args.agent)
    using stop = listenForStop()
    const options = { client, url, agent, from: args.from, params }
    return await holdTalk(options, io, stop.signal)
  },
})
