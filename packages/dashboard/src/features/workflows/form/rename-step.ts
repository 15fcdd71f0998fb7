import { parseDocument } from 'yaml'
import type { Json } from '@bookend/contract'
import { renameKey, setValue } from './edit-yaml.ts'
import { asRecord } from './read-step.ts'

const STEP_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/
const IDENTIFIER = /^[A-Za-z_]\w*$/

export type Renamed = { readonly text: string } | { readonly wrong: string }

/** A step's name, with every mention of it in expressions and under `needs`. */
export function renameStep(text: string, section: string, from: string, to: string): Renamed {
  if (!STEP_NAME.test(to)) {
    return { wrong: 'Begin with a letter; use letters, digits, - and _.' }
  }
  const root = asRecord(parseDocument(text).toJS())
  const sections = ['steps', 'after'].map((name) => [name, asRecord(root[name])] as const)
  if (sections.some(([, steps]) => Object.hasOwn(steps, to))) {
    return { wrong: 'There is a step of this name already.' }
  }
  let renamed = renameKey(text, [section, from], to)
  for (const [name, steps] of sections) {
    for (const [step, fields] of Object.entries(steps)) {
      const { needs } = asRecord(fields)
      const next = name === section && step === from ? to : step
      const changed = renameNeeds(needs, from, to)
      if (changed !== undefined && renamed !== null)
        renamed = setValue(renamed, [name, next, 'needs'], changed)
    }
  }
  const mended = renamed === null ? null : renameMentions(renamed, from, to)
  const isYaml = mended !== null && parseDocument(mended).errors.length === 0
  return isYaml ? { text: mended } : { wrong: 'This name must be changed in the text.' }
}

/** Undefined where nothing changes. */
function renameNeeds(needs: unknown, from: string, to: string): Json | undefined {
  if (needs === from) return to
  if (!Array.isArray(needs) || !needs.includes(from)) return undefined
  return needs.map((need) => (need === from ? to : String(need)))
}

function renameMentions(text: string, from: string, to: string): string {
  const mention = IDENTIFIER.test(to) ? `steps.${to}` : `steps["${to}"]`
  const plain = IDENTIFIER.test(from) ? `steps\\.${from}(?![\\w-])|` : ''
  const mentions = new RegExp(`(?<![\\w.])(?:${plain}steps\\[(["'])${from}\\1\\])`, 'g')
  return text.replace(mentions, mention)
}
