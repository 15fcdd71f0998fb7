import {
  type ActionContext,
  ConnectorFault,
  defineConnector,
  type InstallResult,
} from '@bookend/core'
import { fakeClock } from '@bookend/core/testing'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Outgoing } from '../reach-of.ts'
import type { AnyConnector, ConfiguredConnection } from '../configured.ts'
import { installConnection } from './install.ts'

const log = { info: () => undefined, warn: () => undefined }
const tools = () => ({ clock: fakeClock(), outgoing: {} as Outgoing, log })

type Install = (ctx: ActionContext<{ name: string }, object>) => Promise<InstallResult>

function connectionOf(install?: Install): ConfiguredConnection {
  const connector = defineConnector({
    id: 'book',
    label: 'Book',
    settings: z.object({ name: z.string() }),
    auth: z.object({}),
    actions: {},
    ...(install === undefined ? {} : { install }),
  }) as unknown as AnyConnector
  return { name: 'book/main', connector, settings: { name: 'mark' }, auth: {} }
}

describe('to install', () => {
  test('answers what was made, by the settings of the connection', async () => {
    const connection = connectionOf(async ({ settings }) => ({
      made: [`pages.${settings.name}`],
      found: ['notes.mark'],
    }))
    expect(await installConnection(tools(), connection)).toEqual({
      ok: true,
      code: 'ok',
      detail: '1 made, 1 there already',
      made: ['pages.mark'],
      found: ['notes.mark'],
    })
  })

  test('says what the system refuses, and what cannot be asked', async () => {
    const refusing = connectionOf(() =>
      Promise.reject(new ConnectorFault({ kind: 'refused', detail: 'missing_scopes' })),
    )
    expect(await installConnection(tools(), refusing)).toMatchObject({
      ok: false,
      code: 'missing_scopes',
      made: [],
    })
    const sealed = { ...refusing, unusable: 'credential_moved' }
    expect(await installConnection(tools(), sealed)).toMatchObject({
      ok: false,
      code: 'credential_moved',
      detail: expect.stringContaining('enter it again'),
    })
  })

  test('is nothing for most connectors', async () => {
    expect(await installConnection(tools(), connectionOf())).toBeNull()
  })
})
