// What a run tells the others and leaves at its call: done in the transaction that records it, so that
// it is done once.

import type { JsonObject } from '@bookend/contract'
import { ownEventTypes } from '@bookend/contract'
import { requireEventType } from './event-type.ts'
import { parseCallLater } from './call-later.ts'
import type { CalledLater, CallLaterOptions } from './definition.ts'
import type { StepOutcome } from './journal.ts'
import { storableText, toJournalOutput } from './output.ts'
import type { StepTools } from './step-tools.ts'

const TAG_MAX = 100

export function createNotes(tools: StepTools) {
  const { journal, place, record, whileBusy, breakRule, checked, settle } = tools

  async function emit(name: string, eventType: string, payload?: JsonObject): Promise<string> {
    const where = place(name)
    requireEventType(eventType, breakRule)
    if ((ownEventTypes as readonly string[]).includes(eventType)) {
      throw breakRule(`"${eventType}" is one of Bookend's own event types; emit another one`)
    }
    const content = checked(() => toJournalOutput(name, payload ?? {}))
    const before = tools.recorded(name, 'step')
    if (before?.status === 'ok') return before.output as string
    const spec = { type: eventType, payload: content as JsonObject }
    return settle(name, await whileBusy(record(journal.emit(where, spec)))) as string
  }

  async function tag(name: string, text: string): Promise<void> {
    const where = place(name)
    if (typeof text !== 'string' || text === '' || text.length > TAG_MAX) {
      throw breakRule(
        `Tag "${String(text).slice(0, 80)}" must be a text of 1 to ${TAG_MAX} characters`,
      )
    }
    const before = tools.recorded(name, 'step')
    if (before?.status === 'ok') return
    if (before?.status === 'failed') return void settle(name, failed(before.error ?? ''))
    settle(name, await whileBusy(record(journal.tag(where, storableText(text)))))
  }

  async function callLater(name: string, options: CallLaterOptions): Promise<CalledLater> {
    const where = place(name)
    const spec = checked(() => parseCallLater(name, options))
    const before = tools.recorded(name, 'step')
    const outcome: StepOutcome =
      before?.status === 'ok'
        ? { status: 'ok', output: before.output }
        : await whileBusy(record(journal.callLater(where, spec)))
    return settle(name, outcome) as CalledLater
  }

  return { emit, tag, callLater }
}

const failed = (error: string): StepOutcome => ({ status: 'failed', error })
