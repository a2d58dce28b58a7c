import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, fsyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { DiskVolume, missingForDiskVolume } from '../src/disk-volume.ts'

const onMachinesWithVolumes = missingForDiskVolume() === undefined ? it : it.skip

onMachinesWithVolumes.each([
  ['', []],
  [', and another mount namespace sees the volume', ['unshare', '--mount', 'sh', '-c', 'echo ready; exec sleep 60']],
])('a power cut leaves what was synced, and nothing else%s', async (_, [command, ...args]) => {
  const directory = mkdtempSync(join(tmpdir(), 'stanchion-volume-'))
  const volume = new DiskVolume(directory, 16)
  const other = command === undefined ? undefined : spawn(command, args)
  if (other !== undefined) await once(other.stdout, 'data')
  try {
    const file = openSync(join(directory, 'file'), 'w')
    writeSync(file, 'synced')
    fsyncSync(file)
    writeSync(file, ', and not')
    writeFileSync(join(directory, 'new'), 'not synced')
    volume.cutPower()
    expect(() => writeSync(file, 'too late')).toThrow('EIO')
    closeSync(file)
    await volume.restart()
    expect(readFileSync(join(directory, 'file'), 'utf8')).toBe('synced')
    expect(() => readFileSync(join(directory, 'new'))).toThrow('ENOENT')
  } finally {
    other?.kill()
    await volume.remove()
    rmSync(directory, { recursive: true })
  }
})
