import { expect, test } from 'vitest'
import { EmailInput } from './email-input.ts'

test('a mail has a plain form always, beside which markup may stand (D9)', () => {
  const mail = { to: ['a@example.com'], subject: 'x', html: '<p>x</p>' }
  expect(EmailInput.safeParse(mail).success).toBe(false)
  expect(EmailInput.safeParse({ ...mail, text: 'x' }).success).toBe(true)
})
