// What a text message may hold.
//
//   text ─▶ without what cannot be seen ─▶ links only where allowed ─▶ few enough segments
//
// T1. Nothing that a reader cannot see, and no text that runs backwards (threat D12).
// T2. A link is whatever a phone would make one of, with or without a scheme.
// T3. A text that is too long is refused: half a message is none.

import { ConnectorFault, cleanText } from '@bookend/core'

export interface MessageText {
  readonly text: string
  readonly segments: number
}

export interface TextRules {
  readonly link_hosts: readonly string[]
  readonly segments_max: number
}

/** @throws {ConnectorFault} `refused`, and never with a word of the text. */
export function checkMessageText(raw: string, rules: TextRules): MessageText {
  const text = raw
    .split(/\r\n|\r|\n/)
    .map(cleanText)
    .join('\n')
    .trim()
  if (text === '') throw refusal('text_is_empty')
  if (hostsIn(text).some((host) => !isAllowed(host, rules.link_hosts))) {
    throw refusal('link_not_allowed')
  }
  const segments = countSegments(text)
  if (segments > rules.segments_max) throw refusal(`text_of_${segments}_segments`)
  return { text, segments }
}

const refusal = (detail: string): ConnectorFault => new ConnectorFault({ kind: 'refused', detail })

const SCHEME = /[a-z][a-z0-9+.-]*:\/\/[^\s<>"]*/giu
/** `shop.example`, `SHOP.EXAMPLE`, and the same with the full stops of other scripts. */
const BARE = /(?:[\p{L}\p{N}-]+[.。．｡])+(?:[\p{Ll}\p{Lo}]{2,}|[\p{Lu}]{2,})(?![\p{L}\p{N}])/gu

/** Null is a link that no parser understands. */
function hostsIn(text: string): readonly (string | null)[] {
  const withScheme = text.match(SCHEME) ?? []
  const bare = text.replaceAll(SCHEME, ' ').match(BARE) ?? []
  return [...withScheme, ...bare.map((host) => `https://${host}`)].map((link) =>
    URL.canParse(link) ? new URL(link).hostname : null,
  )
}

const isAllowed = (host: string | null, allowed: readonly string[]): boolean =>
  host !== null && allowed.some((own) => host === own || host.endsWith(`.${own}`))

const GSM =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
/** Two places each. */
const GSM_EXTENDED = '\f^{}\\[~]|€'

/** As the network counts them: GSM 7-bit where all of it fits, else UCS-2. */
export function countSegments(text: string): number {
  let places = 0
  for (const one of text) {
    if (GSM.includes(one)) places += 1
    else if (GSM_EXTENDED.includes(one)) places += 2
    else return countParts(text.length, 70, 67)
  }
  return countParts(places, 160, 153)
}

const countParts = (length: number, alone: number, together: number): number =>
  length <= alone ? 1 : Math.ceil(length / together)
