import { expect, test } from 'vitest'
import { Opened } from './opened.ts'

test('is closed in the opposite order, once, every part also when one fails', async () => {
  const closed: string[] = []
  const opened = new Opened()
  opened.defer(() => void closed.push('first'))
  opened.defer(() => Promise.reject(new Error('second fails')))
  opened.use({ [Symbol.asyncDispose]: async () => void closed.push('third') })
  await expect(opened[Symbol.asyncDispose]()).rejects.toThrow('second fails')
  await opened[Symbol.asyncDispose]()
  expect(closed).toEqual(['third', 'first'])
})

test('handed over, it is closed by its new owner alone', async () => {
  const closed: string[] = []
  const opened = new Opened()
  opened.defer(() => void closed.push('it'))
  const owner = opened.move()
  await opened[Symbol.asyncDispose]()
  expect(closed).toEqual([])
  await owner[Symbol.asyncDispose]()
  expect(closed).toEqual(['it'])
})
