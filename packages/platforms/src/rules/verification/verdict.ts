import type { Verification } from '../../adapter.ts'

export const verified: Verification = { ok: true }

export const refused = (why: string, challenge?: string): Verification =>
  challenge === undefined ? { ok: false, why } : { ok: false, why, challenge }

export const verdict = (holds: boolean, why: string): Verification =>
  holds ? verified : refused(why)
