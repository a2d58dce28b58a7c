import { expect, it } from '@jest/globals'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { findBinaries } from './find-binaries.ts'

it('points to DATABASE_URL on a machine without an embedded Postgres', async () => {
  await expect(findBinaries('win32-x64')).rejects.toThrow(EmbeddedPostgresError)
  await expect(findBinaries('win32-x64')).rejects.toThrow(/win32-x64.*DATABASE_URL/)
})
