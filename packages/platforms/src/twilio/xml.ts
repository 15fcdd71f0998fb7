// TwiML, as text. Parameters are the caller's words as often as not, so everything is escaped.

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}

const FORBIDDEN =
  // What XML 1.0 cannot hold is the subject of this pattern.
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g

export const escapeXml = (text: string): string =>
  text.replace(FORBIDDEN, '').replace(/[&<>"\t\n\r]/g, (one) => ESCAPES[one] ?? one)

/** An element; attributes that are undefined are left out, children are XML already. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
  children: string | null = null,
): string {
  let open = `<${name}`
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) open += ` ${key}="${escapeXml(value)}"`
  }
  return children === null ? `${open}/>` : `${open}>${children}</${name}>`
}

export const twiml = (...verbs: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Response>${verbs.join('')}</Response>`
