/** @type {import('jest').Config} */
export default {
  // When a test is taken to hang. It is no measure of speed: on a busy machine a property of forty runs takes several times as long.
  testTimeout: 30_000,
  projects: ['packages', 'apps', 'examples'].map((group) => `<rootDir>/${group}/*/jest.config.mjs`),
}
