/** @type {import('jest').Config} */
export default {
  projects: ['packages', 'apps', 'examples'].map((group) => `<rootDir>/${group}/*/jest.config.mjs`),
}
