/** The part of the vendor's package, which has no types of its own, that tests use as an oracle. */
declare module '@jambonz/node-client' {
  type Middleware = (
    request: {
      readonly headers: Readonly<Record<string, string>>
      readonly body: unknown
      get(name: string): string | undefined
    },
    response: object,
    next: () => void,
  ) => void

  export const WebhookResponse: { verifyJambonzSignature(secret: string): Middleware }
}
