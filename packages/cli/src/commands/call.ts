import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { loadConversation } from '../call/conversation.ts'
import { simulateCall } from '../call/simulate-call.ts'
import { command } from '../command.ts'
import { connect, connectionArgs } from '../connection.ts'
import { listenForStop } from '../stop-signal.ts'
import { findRepeated } from './find-repeated.ts'
import { parseDuration } from './parse-duration.ts'
import { parseSettings } from './parse-settings.ts'

export const call = command({
  description: 'Make up a call: the pre-call waterfall, the conversation, the work that follows',
  args: {
    from: {
      type: 'string',
      default: '+15550100001',
      valueHint: 'number',
      description: 'Who calls',
    },
    to: {
      type: 'string',
      default: '+15550100900',
      valueHint: 'number',
      description: 'Which number is called',
    },
    set: {
      type: 'string',
      valueHint: 'name=value',
      description: 'A parameter the call brings along; may be repeated',
    },
    conversation: {
      type: 'string',
      valueHint: 'name|file',
      description: 'What is said; else the first of the folder’s',
    },
    folder: {
      type: 'string',
      valueHint: 'folder',
      description: 'Where conversations/*.json are; else this folder, or the clinic of a checkout',
    },
    talk: {
      type: 'boolean',
      default: true,
      description: 'Play a conversation and follow the work after it',
      negativeDescription: 'Stop when the call is answered',
    },
    timeout: {
      type: 'string',
      default: '60s',
      valueHint: 'duration',
      description: 'How long to follow the work',
    },
    json: { type: 'boolean', description: 'One JSON document in place of the pictures' },
    ...connectionArgs,
  },
  examples: [
    'bookend call',
    'bookend call --from +15550100002 --conversation upset',
    'bookend call --set vip=true --set plan=pro --no-talk',
    'bookend call --json | jq .answer.parameters',
  ],
  async run(args, io, words) {
    const timeoutMs = parseDuration(args.timeout, '--timeout')
    const params = parseSettings(findRepeated(words, 'set'))
    const folder = join(args.folder ?? findFolder(io.cwd), 'conversations')
    const conversation = args.talk ? loadConversation(args.conversation, folder, io.cwd) : null
    const connection = connect(args, io)
    const { from, to, json = false } = args
    using stop = listenForStop()
    const options = { from, to, params, conversation, timeoutMs, json }
    return simulateCall(options, connection, io, stop.signal)
  },
})

const findFolder = (cwd: string): string =>
  existsSync(join(cwd, 'conversations')) ? '.' : 'examples/clinic'
