import type { HandoffLinks } from '../../handoffs/links.ts'

export const testLinks: Pick<HandoffLinks, 'linkFor'> = {
  linkFor: ({ id }) => `https://bookend.test/h/${id}`,
}
