import startTestServer from '../../packages/testing/jest-global-setup.mjs'
import { buildConsoleIfNeeded } from '../../scripts/build-console.mjs'

/** Once, before any file runs: what the tests look at is what users get. */
// biome-ignore lint/style/noDefaultExport: jest asks for one.
export default async function setUp() {
  await buildConsoleIfNeeded()
  await startTestServer()
}
