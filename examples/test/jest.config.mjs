import { jestProject } from '@stanchion/config/jest'

export default { ...jestProject('examples'), testMatch: ['<rootDir>/*.test.ts'] }
