// The variables of the environment that a server reads, for `parseConfig` and for the reference.

export const variables = {
  PORT: { says: 'The port it listens on; 0 takes a free one', otherwise: '`4400`' },
  HOST: { says: 'The address it listens on', otherwise: '`127.0.0.1`' },
  DATABASE_URL: {
    says: 'PostgreSQL 14 or later, as `postgres://…`',
    otherwise: 'an embedded PostgreSQL in the data folder',
  },
  BOOKEND_DATA_DIR: {
    says: 'Embedded database, secret key, spool; one process each',
    otherwise: '`./.bookend`',
  },
  BOOKEND_SECRET_KEY: {
    says: '32 bytes in base64; seals stored credentials',
    otherwise: 'made on the first start, mode 0600',
  },
  BOOKEND_SECRET_KEY_PREVIOUS: {
    says: 'Other keys, by commas, which only open what they sealed: [how to change the key](../guides/connections.md#the-keys-behind-it)',
    otherwise: 'none',
  },
  BOOKEND_API_KEY: {
    says: 'The first admin key',
    otherwise: 'made on the first start, printed once',
  },
  BOOKEND_ROLES: { says: '`api`, `worker`, or both by a comma', otherwise: 'both' },
  BOOKEND_WORKFLOWS: {
    says: 'The folder of workflows, beside which `bookend.config.ts` lies',
    otherwise: '`./workflows`',
  },
  BOOKEND_WATCH: {
    says: 'Take over what is saved in that folder while running; for development',
    otherwise: '`false`',
  },
  BOOKEND_ALLOW_PRIVATE_TARGETS: {
    says: 'Let requests reach private and loopback addresses, and plain http',
    otherwise: '`false`',
  },
  BOOKEND_PUBLIC_URL: {
    says: 'Where people reach this server, such as `https://bookend.example.com`: links in mails and chats begin with it. Set it wherever the server is behind a proxy, and on workers',
    otherwise: 'where it listens',
  },
  BOOKEND_MAX_CALLS_IN_FLIGHT: {
    says: 'Calls that may wait for their workflow at once; more are answered with the fallback, at once',
    otherwise: '`2000`',
  },
  BOOKEND_MAX_REQUESTS_PER_HOST: {
    says: 'Requests to one host in a second, twice as many in a burst; more are not sent, and their steps are told `throttled`. Addresses of your own network have no such limit',
    otherwise: '`500`',
  },
  BOOKEND_LOST_AFTER_MINUTES: {
    says: 'A call without a sign of life for so long is closed as `failed`, reason `lost`',
    otherwise: '`120`',
  },
  BOOKEND_RETENTION_DAYS: {
    says: 'Calls, with everything that is theirs, runs and events are deleted when they are so old; `0` keeps them',
    otherwise: '`90`',
  },
  BOOKEND_METRICS_TOKEN: {
    says: 'What `/metrics` asks for as a bearer token, 16 characters or more',
    otherwise:
      'none: `/metrics` answers requests from this machine alone, and none that a proxy passes on',
  },
  BOOKEND_MODEL_BASE_URL: {
    says: 'An OpenAI-compatible endpoint, such as `https://models.example.com/v1`, for [analyzers](../guides/analyzers.md) and the [phone agent](../guides/phone-agent.md); needs `BOOKEND_MODEL_NAME`',
    otherwise: 'none: what asks a model says `no_model`',
  },
  BOOKEND_MODEL_NAME: { says: 'The model that is asked there', otherwise: 'none' },
  BOOKEND_MODEL_API_KEY: {
    says: 'Sent to that endpoint as a bearer token, and nowhere else',
    otherwise: 'none',
  },
  BOOKEND_MODEL_PRICE: {
    says: 'Dollars for a million tokens in and out, such as `0.15/0.60`',
    otherwise: 'none: costs are not known',
  },
  BOOKEND_LOG_LEVEL: {
    says: '`debug`, `info`, `warn`, `error`, `silent`; JSON lines on standard error',
    otherwise: '`warn`',
  },
} as const satisfies Record<string, { readonly says: string; readonly otherwise: string }>

export type Variable = keyof typeof variables
