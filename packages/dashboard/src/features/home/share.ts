/** `99.8 %`; never a whole hundred or nothing where that is not so. */
export function renderShare(part: number, of: number): string {
  if (of === 0) return '–'
  const percent = (part / of) * 100
  if (part === of) return '100 %'
  if (part === 0) return '0 %'
  return `${Math.min(99.9, Math.max(0.1, percent)).toFixed(1)} %`
}
