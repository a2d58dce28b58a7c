#!/usr/bin/env node
// The way in from a shell. The program needs the pinned Node or a newer one; an older one starts it through the task.
const major = Number(process.versions.node.split('.')[0])
if (major >= 24) {
  await import('../src/main.ts')
} else {
  process.argv.splice(2, 0, 'stanchion')
  await import('../../../scripts/run.mjs')
}
