// Reads what a person would read of a mail: who, to whom, about what, and its plain text.
//
// Enough of MIME for mail of this clinic's own workflows: folded headers, encoded words, quoted
// printable, base64, and the first plain part of an alternative. Attachments are left alone.

export interface ReadMail {
  readonly messageId: string | null
  readonly subject: string
  readonly text: string
}

interface Part {
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

/** `source` in Latin-1, so that one character is one byte until its charset is known. */
export function readMail(source: string): ReadMail {
  const mail = split(source)
  return {
    messageId: mail.headers.get('message-id')?.trim() ?? null,
    subject: decodeWords(mail.headers.get('subject') ?? ''),
    text: plainText(mail)?.replace(/\r\n/g, '\n').trimEnd() ?? '',
  }
}

function split(source: string): Part {
  const at = source.search(/\r?\n\r?\n/)
  const head = at === -1 ? source : source.slice(0, at)
  const body = at === -1 ? '' : source.slice(at).replace(/^\r?\n\r?\n/, '')
  const headers = new Map<string, string>()
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim())
  }
  return { headers, body }
}

function plainText({ headers, body }: Part): string | null {
  const type = headers.get('content-type') ?? 'text/plain'
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1]
  if (/^multipart\//i.test(type) && boundary !== undefined) {
    const parts = `\r\n${body}`.split(`\r\n--${boundary}`).slice(1, -1)
    for (const part of parts) {
      const text = plainText(split(part.replace(/^[ \t]*\r?\n/, '')))
      if (text !== null) return text
    }
    return null
  }
  if (!/^text\/plain/i.test(type)) return null
  return decodeBody(body, headers.get('content-transfer-encoding') ?? '7bit')
}

function decodeBody(body: string, encoding: string): string {
  switch (encoding.toLowerCase()) {
    case 'base64':
      return Buffer.from(body, 'base64').toString('utf8')
    case 'quoted-printable':
      return unquote(body.replace(/=[ \t]*\r?\n/g, ''))
    default:
      return Buffer.from(body, 'latin1').toString('utf8')
  }
}

const unquote = (text: string): string =>
  Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  ).toString('utf8')

const decodeWords = (text: string): string =>
  text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([QB])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(word, 'base64').toString('utf8')
        : unquote(word.replace(/_/g, ' ')),
    )
