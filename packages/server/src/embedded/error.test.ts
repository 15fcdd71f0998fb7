import { describe, expect, test } from 'vitest'
import { explainingFileErrors } from './error.ts'

const failing = (code: string, path?: string) =>
  explainingFileErrors('/data', () => {
    throw Object.assign(new Error('no'), path === undefined ? { code } : { code, path })
  })

describe('a file error in the data folder', () => {
  test.each(['ENOSPC', 'EDQUOT'])('%s says that the disk is full', async (code) => {
    await expect(failing(code)).rejects.toMatchObject({ code: 'disk_full' })
  })

  test.each(['EACCES', 'EPERM', 'EROFS'])('%s names the path and the ways out', async (code) => {
    const error = failing(code, '/data/run')
    await expect(error).rejects.toMatchObject({ code: 'permission_denied' })
    await expect(error).rejects.toThrow(/\/data\/run.*BOOKEND_DATA_DIR.*DATABASE_URL/)
  })

  test('of another kind passes as it is', async () => {
    await expect(failing('EMFILE')).rejects.toMatchObject({ code: 'EMFILE', message: 'no' })
  })
})
