import { fileURLToPath } from 'node:url'

/**
 * The jest settings that every package shares: TypeScript through swc, native ES modules, tests beside the code
 * (`src/**.test.ts`, pure) and in `test/` (with a real Postgres, which the global setup starts once per run).
 * @param {string} displayName the package's short name
 * @returns {import('jest').Config}
 */
export function jestProject(displayName) {
  return {
    displayName,
    testEnvironment: 'node',
    extensionsToTreatAsEsm: ['.ts'],
    transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' } }] },
    testMatch: ['<rootDir>/src/**/*.test.ts', '<rootDir>/test/**/*.test.ts'],
    globalSetup: fileURLToPath(new URL('../testing/jest-global-setup.mjs', import.meta.url)),
    // Every answer of the REST API is held against openapi.yaml, whoever fetches it.
    setupFilesAfterEnv: [fileURLToPath(new URL('../testing/src/check-responses.ts', import.meta.url))],
    globalTeardown: fileURLToPath(new URL('../testing/jest-global-teardown.mjs', import.meta.url)),
  }
}
