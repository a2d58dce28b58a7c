import { stopTestServer } from './src/test-server.ts'

// biome-ignore lint/style/noDefaultExport: jest asks for one.
export default stopTestServer
