import { createClient } from 'node-zendesk'
import { expect, test } from 'vitest'
import { openBench } from '../testing/bench.ts'
import { zendesk } from './index.ts'
import { openFakeZendesk } from './testing/fake.ts'

test('another client sees what the connector made, and writes what it reads (K2)', async () => {
  await using bench = await openBench({ connector: zendesk, open: openFakeZendesk })
  const { email: username, token } = bench.setup.auth
  const client = createClient({ username, token, endpointUri: `${bench.vendor.url}/api/v2` })

  const made = await bench.run('ticket.create', { subject: 'Late', description: 'Where is it?' })
  const { id } = (made as { readonly output: { readonly id: string } }).output
  const shown = await client.tickets.show(Number(id))
  expect(shown.result).toMatchObject({ subject: 'Late', external_id: 'bookend:bk_subject' })

  await client.tickets.update(Number(id), { ticket: { status: 'pending' } })
  expect(await bench.run('ticket.get', { id })).toMatchObject({ output: { status: 'pending' } })

  await client.users.create({ user: { name: 'Grace Hopper', phone: '+1 415-555-0123' } })
  expect(await bench.run('contact.find_by_phone', { phone: '+14155550123' })).toMatchObject({
    output: { name: 'Grace Hopper', last_name: 'Hopper' },
  })
})
