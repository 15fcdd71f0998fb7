// Text from outside, on its way into a prompt (threats B6). A value stays on one line and carries
// nothing that a reader cannot see: no control, bidirectional, zero-width or tag characters.

// These characters are the subject of the pattern.
// oxlint-disable-next-line no-control-regex
const LINE_BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g
const INVISIBLE =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]|[\uFE00-\uFE0F]|[\u{E0000}-\u{E0FFF}]/gu

/** The text on one line, well-formed, with every invisible character removed. */
export function cleanText(text: string): string {
  return wellFormed(text.replace(LINE_BREAKS, ' ')).replace(INVISIBLE, '')
}

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g

function wellFormed(text: string): string {
  return text.replace(LONE_SURROGATE, '\uFFFD')
}
