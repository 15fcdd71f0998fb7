// What a process has used, as Linux accounts for it under /proc. Processor time is the figure that
// other work on the machine disturbs least.

import { readdirSync, readFileSync } from 'node:fs'

/** The kernel's unit of processor time for every program, whatever its own tick is. */
const TICKS_PER_SECOND = 100
const KIB_PER_MIB = 1_024

/** User and system time of the process itself, in milliseconds. */
export function processorMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  // The second field, the name, is the only one that may hold spaces; it ends with the last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return (ticks / TICKS_PER_SECOND) * 1_000
}

/**
 * The same to the nanosecond, of the threads that live: in microseconds, of the main thread and of
 * them all. A server's threads stay from its start, so two readings can be compared.
 */
export function threadTimes(pid: number): { readonly mainUs: number; readonly allUs: number } {
  const us = (thread: string | number): number => {
    const [ns] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')
    return Number(ns) / 1_000
  }
  const threads = readdirSync(`/proc/${pid}/task`)
  return { mainUs: us(pid), allUs: threads.reduce((sum, thread) => sum + us(thread), 0) }
}

/** User and system time of a process and of all its children, those that have ended included. */
export function familyMs(pid: number): number {
  const fieldsOf = (one: number): readonly string[] => {
    const stat = readFileSync(`/proc/${one}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  }
  const ticksOf = (fields: readonly string[], from: number, to: number): number =>
    fields.slice(from, to).reduce((sum, ticks) => sum + Number(ticks), 0)
  let ticks = ticksOf(fieldsOf(pid), 11, 15)
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const children = readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').trim()
    for (const child of children === '' ? [] : children.split(' ')) {
      ticks += ticksOf(fieldsOf(Number(child)), 11, 15)
    }
  }
  return (ticks / TICKS_PER_SECOND) * 1_000
}

/** Memory that the process holds in RAM, in MiB. */
export function residentMiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / KIB_PER_MIB
}
