/** fauxqs as a program of the benchmark. `FAUXQS_DIR` is where it is installed. */
const { startFauxqs } = await import(new URL(`file://${process.env.FAUXQS_DIR}/dist/app.js`).href)
const server = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false })
console.log(`listens on http://127.0.0.1:${server.port}`)
process.once('SIGTERM', () => process.exit(0))
