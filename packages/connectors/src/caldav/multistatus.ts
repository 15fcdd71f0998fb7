// WebDAV's answers about several resources.
//
// W1. A document type is refused: nothing is looked up and nothing grows.
// W2. Names are read without their prefix, which every server chooses for itself.

import { ConnectorFault } from '@bookend/core'
import { xml2js, type Element } from 'xml-js'

export interface DavResource {
  /** Its path, decoded. */
  readonly path: string
  /** What it has, by names; of several, the texts beneath. */
  readonly properties: ReadonlyMap<string, Element>
}

export const textOf = (element: Element | undefined): string =>
  (element?.elements ?? [])
    .map(({ type, text, cdata }) => String((type === 'cdata' ? cdata : text) ?? ''))
    .join('')

const localName = ({ name = '' }: Element): string => name.slice(name.indexOf(':') + 1)

export const children = (parent: Element | undefined, name?: string): readonly Element[] =>
  (parent?.elements ?? []).filter(
    (one) => one.type === 'element' && (name === undefined || localName(one) === name),
  )

export const namesOf = (elements: readonly Element[]): readonly string[] => elements.map(localName)

/** @throws {ConnectorFault} `retry`: it is no multistatus. */
export function parseMultistatus(text: string): readonly DavResource[] {
  const [root] = children(parseXml(text), 'multistatus')
  if (root === undefined) throw unreadable()
  return children(root, 'response').flatMap((response) => {
    const path = pathOf(textOf(children(response, 'href')[0]))
    if (path === null) return []
    const found = children(response, 'propstat').filter((one) => {
      const status = textOf(children(one, 'status')[0])
      return status === '' || / 2\d\d( |$)/.test(status)
    })
    const properties = found.flatMap((one) => children(children(one, 'prop')[0]))
    return [{ path, properties: new Map(properties.map((one) => [localName(one), one])) }]
  })
}

function parseXml(text: string): Element {
  if (/<!DOCTYPE/i.test(text)) throw unreadable()
  try {
    return xml2js(text, { compact: false, ignoreComment: true, ignoreInstruction: true }) as Element
  } catch {
    throw unreadable()
  }
}

/** Of a whole address too; null where it is none. */
function pathOf(href: string): string | null {
  try {
    return decodeURIComponent(new URL(href.trim(), 'http://dav.invalid').pathname)
  } catch {
    return null
  }
}

const unreadable = (): ConnectorFault =>
  new ConnectorFault({ kind: 'retry', detail: 'not_a_multistatus' })
