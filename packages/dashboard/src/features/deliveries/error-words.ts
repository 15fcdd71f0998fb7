/** Why a try failed, in words; a code that is not known here is shown as it is. */
const WORDS: Readonly<Record<string, string>> = {
  http_status: 'the endpoint did not take it',
  timeout: 'no answer in time',
  connection_refused: 'nobody listens there',
  connection_reset: 'the connection broke',
  dns_error: 'the name is not known',
  tls_error: 'the certificate is not valid',
  blocked: 'the address may not be reached from here',
  invalid_url: 'the URL is not allowed',
  redirect_refused: 'it answered with a redirect, which is not followed',
  response_too_large: 'the answer is too large',
  headers_too_large: 'the headers of the answer are too large',
  unsupported_encoding: 'the encoding of the answer is not known',
  proxy_error: 'the proxy did not let it through',
  circuit_open: 'not asked: it keeps failing',
  throttled: 'not asked: too many requests at once',
  gone: 'the endpoint says that it is gone',
  secret_unreadable: 'its signing secret cannot be read',
  interrupted: 'the server stopped meanwhile',
}

/** `HTTP 503`, `no answer in time`, or both where the status does not say it all. */
export function renderEnd(status: number | null, error: string | null): string | null {
  if (status === null) return error === null ? null : (WORDS[error] ?? error)
  const code = `HTTP ${status}`
  return error === null || error === 'http_status' ? code : `${code}, ${WORDS[error] ?? error}`
}
