import { IntercomClient } from 'intercom-client'
import { expect, test } from 'vitest'
import { openBench } from '../testing/bench.ts'
import { intercom } from './index.ts'
import { openFakeIntercom } from './testing/fake.ts'

test('another client sees what the connector made, and writes what it reads (K2)', async () => {
  await using bench = await openBench({ connector: intercom, open: () => openFakeIntercom() })
  const client = new IntercomClient({
    token: bench.setup.auth.token,
    environment: () => bench.vendor.url,
  })

  await client.contacts.create({ role: 'user', name: 'Grace Hopper', phone: '+14155550123' })
  const found = await bench.run('contact.find_by_phone', { phone: '+14155550123' })
  expect(found).toMatchObject({ output: { last_name: 'Hopper' } })
  const { id: contact } = (found as { readonly output: { readonly id: string } }).output

  const made = await bench.run('ticket.create', { subject: 'Late', contact_id: contact })
  const { id } = (made as { readonly output: { readonly id: string } }).output
  const shown = await client.tickets.get({ ticket_id: id })
  expect(shown?.ticket_attributes).toMatchObject({ _default_title_: 'Late' })

  await client.tickets.update({ ticket_id: id, ticket_state_id: '103', open: false })
  expect(await bench.run('ticket.get', { id })).toMatchObject({ output: { status: 'solved' } })
})
