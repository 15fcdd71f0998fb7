/** Class names as one string; what is false or absent is left out. */
export const join = (...names: (string | false | undefined)[]): string =>
  names.filter((name) => typeof name === 'string' && name !== '').join(' ')
