// Where fields stand in a workflow in YAML, and what each is for.

export interface Place {
  readonly title: string
  /** A file with `…` where a field would be. */
  readonly text: string
  /** Of fields that mean something else here. */
  readonly words?: Readonly<Record<string, string>>
}

const preCall = (text: string): string => `workflow: a\non: pre-call\n${text}\n`
const journey = (text: string): string => `workflow: a\non: call.completed\n${text}\n`
const step = (text: string): string => journey(`steps: { s: { ${text}, … } }`)

export const places: readonly Place[] = [
  {
    title: 'A pre-call workflow',
    text: preCall('…'),
    words: { on: '`pre-call`', steps: 'What is looked up, by name' },
  },
  { title: 'A parameter', text: preCall('parameters: { p: { type: string, … } }') },
  { title: 'A step before the answer, or under `after`', text: preCall('steps: { s: { … } }') },
  {
    title: '`respond`',
    text: preCall('respond: { … }'),
    words: { parameters: 'The values of the parameters, by name' },
  },
  {
    title: 'An entry of `respond.route`',
    text: preCall('respond: { route: [{ … }] }'),
    words: { if: 'The entry is taken when this holds; without it, always' },
  },
  {
    title: 'A journey',
    text: journey('…'),
    words: { if: 'Which events start a run', steps: 'What is done, by name' },
  },
  { title: 'A step of a journey that uses an action', text: step('use: a.b.c') },
  { title: 'A step that computes', text: step('value: 1') },
  { title: 'A step that sleeps', text: step('sleep: 1m') },
  { title: 'A step that waits for an event', text: step('wait_for: sms.received') },
  { title: 'A step that asks a person', text: step('human: {}') },
  { title: 'A step that tags the call', text: step('tag: upset') },
  {
    title: 'A step that stores an event',
    text: step('emit: caller.unhappy'),
    words: { with: 'Its payload' },
  },
  { title: 'A step that wants a call later', text: step('call_later: {}') },
  { title: '`retry`', text: journey('steps: { s: { use: a.b.c, retry: { … } } }') },
  { title: '`human`', text: journey('steps: { s: { human: { … } } }') },
  {
    title: 'A field of a form',
    text: journey('steps: { s: { human: { form: { f: { … } } } } }'),
  },
  { title: '`human.notify`', text: journey('steps: { s: { human: { notify: { … } } } }') },
  {
    title: '`call_later`',
    text: journey('steps: { s: { call_later: { … } } }'),
    words: { agent: 'Who calls: an agent, by its name or id' },
  },
]

export const words: Readonly<Record<string, string>> = {
  workflow: 'Its name, the same as the file’s',
  on: 'The type of event that starts it, such as `call.completed`',
  budget: 'The workflow’s own limit; the agent’s time-out applies when it is shorter',
  connections: 'Local names of connections: `{ crm: postgres/clinic }`',
  parameters: 'All that the agent may learn, by name',
  respond: 'What is answered',
  after: 'Steps that start when the answer has left; they may write',
  type: '`string`, `integer`, `number` or `boolean`',
  enum: 'The values there are, in place of `type`',
  maxLength: 'The most characters of a text',
  min: 'The least number',
  max: 'The largest number',
  default: 'What stands in when there is none',
  description: 'For readers',
  use: 'An action of a connection, `<connection>.<noun>.<verb>`',
  with: 'Its input',
  timeout: 'How long it, or one try of it, may take',
  cache: '`10m`, or `{ fresh: 1m, stale: 1h }`: [caching](../guides/caching-and-circuits.md)',
  value: 'Something computed, in place of an action',
  if: 'The step is skipped when this is false',
  needs: 'Steps that must be over first although they are not mentioned',
  route: 'Where the call goes: the first entry whose `if` holds',
  first_message: 'Said as it is, in place of the agent’s own',
  agent: 'The id of an agent',
  transfer: 'A number of the workspace',
  reject: 'Why it is not answered',
  say: 'One sentence, then the call ends',
  message: 'What is said before a transfer',
  key: 'Runs with the same key go one after the other',
  once: 'What is to happen once per call',
  retry: 'When it is tried again',
  unknown: 'When nobody can tell whether it was done: `park`, `retry` or `assume_done`',
  sleep: 'How long',
  wait_for: 'The type of event',
  within: 'How long is waited',
  where: 'What the event’s payload must contain',
  match: 'An expression that sees the payload as `event`',
  human: 'The question',
  tag: 'The tag’s name',
  emit: 'The type of the event',
  call_later: 'Whom to call, and when',
  attempts: 'Tries in all',
  backoff: '`exponential` or `fixed`',
  first: 'The first wait',
  title: 'What is asked',
  assign: 'Who is asked, such as `team:support`',
  form: 'The fields of the answer, by name',
  notify: 'An action that tells somebody, with `handoff.link`',
  optional: 'It may be left out',
  label: 'What stands beside it',
  to: 'The number',
  in: 'How long from now; or `at`',
  at: 'When; or `in`',
  during: 'A calendar: only while it is open',
  params: 'What the call brings along',
  reason: 'Why, for people',
}
