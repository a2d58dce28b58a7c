import { readFileSync } from 'node:fs'
import { type ArmedFailpoint, FAILPOINT_FILE_VARIABLE, FAILPOINT_SIGNAL, type Failpoint } from './failpoint.ts'

/** Imported before a server that is patched to tell where it is: ends it there as `kill -9` does, once it has been told to. */
let armed: ArmedFailpoint | undefined
let hits = 0

process.on(FAILPOINT_SIGNAL, () => {
  armed = JSON.parse(readFileSync(process.env[FAILPOINT_FILE_VARIABLE] ?? '', 'utf8')) as ArmedFailpoint
  hits = 0
})

Object.assign(globalThis, {
  stanchionFailpoint(at: Failpoint) {
    if (armed?.at === at && ++hits === armed.hit) process.kill(process.pid, 'SIGKILL')
  },
})
