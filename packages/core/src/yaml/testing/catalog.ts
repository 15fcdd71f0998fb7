// Connectors as workflows see them, for tests of the language alone.

import { z } from 'zod'
import type { Catalog } from '../catalog.ts'

const phone = z.object({ phone: z.string().min(3) })

export const catalog: Catalog = {
  crm: {
    actions: {
      'contact.find_by_phone': {
        effect: 'read',
        timeoutMs: 5_000,
        input: phone,
        output: z.object({ first_name: z.string(), tier: z.string() }).nullable(),
      },
      'call.log': {
        effect: 'write',
        timeoutMs: 10_000,
        input: z.object({ call: z.record(z.string(), z.json()), note: z.string().optional() }),
        output: z.object({ url: z.string() }),
      },
    },
  },
  desk: {
    actions: {
      'ticket.find_open': {
        effect: 'read',
        timeoutMs: 5_000,
        input: phone.extend({ limit: z.number().int().max(50).default(10) }),
        output: z.array(z.object({ id: z.number(), subject: z.string() })),
      },
    },
  },
  postgres: {
    actions: {
      'row.query_one': {
        effect: 'read',
        timeoutMs: 5_000,
        input: z.object({ sql: z.string().min(1), values: z.array(z.json()).default([]) }),
        output: z.record(z.string(), z.json()).nullable(),
      },
    },
  },
  echo: {
    actions: {
      'value.get': { effect: 'read', timeoutMs: 60_000, input: z.json(), output: z.json() },
      'value.put': { effect: 'write', timeoutMs: 60_000, input: z.json(), output: z.json() },
    },
  },
}

export const configured = ['crm/main', 'desk/main', 'postgres/billing', 'echo/main']
