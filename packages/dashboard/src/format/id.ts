/**
 * The last eight characters: ids begin with their time, so those made within a minute of each other
 * have the same beginning.
 */
export const renderId = (id: string): string => id.slice(-8)
