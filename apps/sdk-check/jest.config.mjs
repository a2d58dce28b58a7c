import { jestProject } from '@stanchion/config/jest'

export default {
  ...jestProject('sdk-check'),
  // What was installed for the clients has packages of the same names.
  modulePathIgnorePatterns: ['<rootDir>/.cache'],
}
