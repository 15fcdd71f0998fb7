import type { RunStep } from '@bookend/contract'

/** Whether nobody can tell if the step had its effect, so that a person has to say. */
export const isUnsure = ({ status, error }: Pick<RunStep, 'status' | 'error'>): boolean =>
  status === 'failed' && error?.startsWith('maybe done: ') === true
