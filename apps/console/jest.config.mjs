import { fileURLToPath } from 'node:url'
import { jestProject } from '@stanchion/config/jest'

export default {
  ...jestProject('console'),
  globalSetup: fileURLToPath(new URL('jest-global-setup.mjs', import.meta.url)),
}
