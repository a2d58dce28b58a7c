import { parseArgs } from 'node:util'
import { BASELINE, readAccepted, SPEC, writeBaseline } from './baseline.ts'
import { findBreaks } from './find-breaks.ts'
import { judgeBreaks } from './judge-breaks.ts'

/** The entry point: fails when a client that was made from the spec of the last release might no longer work. */

const { values: options } = parseArgs({ options: { release: { type: 'boolean', default: false } } })

if (options.release) {
  writeBaseline()
} else {
  const comparison = await findBreaks(BASELINE, SPEC)
  if (comparison.outcome === 'unavailable') {
    console.log(`openapi.yaml is not compared with that of the last release: ${comparison.why}`)
  } else {
    const accepted = readAccepted()
    const problems = judgeBreaks(comparison.breaks, accepted)
    for (const problem of problems) console.log(`✗ ${problem}`)
    if (problems.length > 0) {
      console.log('Clients that were made from the last release may break. Keep what they rely on, or say in')
      console.log('apps/sdk-check/compatibility/accepted-breaks.yaml why it is done on purpose.')
      process.exitCode = 1
    } else {
      const count = comparison.breaks.length
      console.log(
        count === 0 ? 'openapi.yaml breaks no client' : `openapi.yaml has ${count} breaks, all of them accepted`,
      )
    }
  }
}
