import { LogLevel, WebClient } from '@slack/web-api'
import { expect, test } from 'vitest'
import { openBench } from '../testing/bench.ts'
import { slack } from './index.ts'
import { CHANNEL, openFakeSlack } from './testing/fake.ts'

test('another client edits what the connector posted, and posts what it edits (K2)', async () => {
  await using bench = await openBench({ connector: slack, open: openFakeSlack })
  const { setup, vendor } = bench
  const client = new WebClient(setup.auth.token, {
    slackApiUrl: `${vendor.url}/`,
    logLevel: LogLevel.ERROR,
  })

  const posted = await bench.run('message.post', { channel: CHANNEL, text: 'Ada called.' })
  const { id, channel } = (posted as { readonly output: { id: string; channel: string } }).output
  await client.chat.update({ channel, ts: id, text: 'Ada was called back.' })
  expect(setup.messages).toMatchObject([{ ts: id, text: 'Ada was called back.' }])

  const other = await client.chat.postMessage({ channel: CHANNEL, text: 'Hello' })
  const update = { channel: CHANNEL, id: other.ts, text: 'Good evening' }
  expect(await bench.run('message.update', update)).toMatchObject({
    output: { id: other.ts, status: 'updated' },
  })
  expect(setup.messages[1]).toMatchObject({ text: 'Good evening', sent: { parse: 'none' } })
})
