/** To the second, for columns under a heading that says UTC. */
export const renderInstant = (instant: string): string => instant.slice(0, 19).replace('T', ' ')
