/** @param source Where to change what the page says. */
export const noteFor = (source: string): string =>
  `<!-- Generated from ${source} by \`npm run reference\`; do not edit. -->\n\n`
