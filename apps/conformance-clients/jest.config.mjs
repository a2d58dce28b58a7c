import { jestProject } from '@stanchion/config/jest'

export default {
  ...jestProject('conformance-clients'),
  // What was installed for the clients has packages of the same names.
  modulePathIgnorePatterns: ['<rootDir>/.cache'],
}
