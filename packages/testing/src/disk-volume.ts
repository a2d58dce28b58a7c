import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, ftruncateSync, mkdtempSync, openSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** `EXT4_IOC_SHUTDOWN` with `EXT4_GOING_FLAGS_NOLOGFLUSH`: from one instant on nothing reaches the device, not even the journal. */
const SHUT_DOWN = 'open(my $f, "<", $ARGV[0]) or die $!; my $how = pack("L", 2); ioctl($f, 0x8004587d, $how) or die $!'
const UNMOUNT_SECONDS_MAX = 20
const RELEASE_SECONDS_MAX = 1
const BUSY_DELAY_MS = 20
const TRIAL_MEGABYTES = 16

/**
 * A file system of its own, in an image that is mounted at a directory. Its power can be cut: what was written and not synced is gone
 * afterwards, whatever the page cache held. Linux and root alone.
 */
export class DiskVolume {
  readonly #directory: string
  readonly #image: string

  /** Makes and mounts it. The directory has to be empty; the image beside it takes only the room that is used. */
  constructor(directory: string, megabytes: number) {
    this.#directory = directory
    this.#image = `${directory}.img`
    const image = openSync(this.#image, 'wx', 0o600)
    ftruncateSync(image, megabytes * 1024 * 1024)
    closeSync(image)
    // No blocks are kept back for root: full is full for everybody.
    run('mkfs.ext4', '-q', '-m', '0', this.#image)
    this.#mount()
  }

  /** Cuts the power, before anything else can happen in this process. Whoever uses the volume has errors from now on. */
  cutPower(): void {
    run('perl', '-e', SHUT_DOWN, this.#directory)
  }

  /** Starts the volume again after a cut, as a machine does: with what is on the device. Nobody may have a file of it open. */
  async restart(): Promise<void> {
    await this.#unmount()
    if (!(await this.#isReleased())) this.#moveToCopy()
    this.#mount()
  }

  /** Unmounts it and removes the image. */
  async remove(): Promise<void> {
    await this.#unmount()
    rmSync(this.#image)
  }

  #mount(): void {
    run('mount', '-o', 'loop', this.#image, this.#directory)
  }

  /** Another mount namespace that was made meanwhile, for a network of its own say, keeps the file system as it is: shut down. */
  async #isReleased(): Promise<boolean> {
    for (const lastMs = performance.now() + RELEASE_SECONDS_MAX * 1000; performance.now() < lastMs; ) {
      if (run('losetup', '-j', this.#image) === '') return true
      await delay(BUSY_DELAY_MS)
    }
    return false
  }

  /** Nothing writes to the old one any more, so that a copy of it is what was on the device at the cut. */
  #moveToCopy(): void {
    const copy = `${this.#image}.copy`
    run('cp', '--sparse=always', this.#image, copy)
    renameSync(copy, this.#image)
  }

  /** Processes that were killed have their files open for a moment more. */
  async #unmount(): Promise<void> {
    for (const lastMs = performance.now() + UNMOUNT_SECONDS_MAX * 1000; ; await delay(BUSY_DELAY_MS)) {
      const { status, stderr } = spawnSync('umount', [this.#directory])
      if (status === 0) return
      if (performance.now() > lastMs) throw new Error(`${this.#directory} could not be unmounted: ${stderr}`)
    }
  }
}

let missing: { readonly reason: string | undefined } | undefined

/** Why this machine has no volumes, in a few words; `undefined` when it has. It is tried once. */
export function missingForDiskVolume(): string | undefined {
  missing ??= { reason: tryVolume() }
  return missing.reason
}

function tryVolume(): string | undefined {
  if (process.platform !== 'linux') return 'a file system of its own needs Linux'
  if (process.getuid?.() !== 0) return 'mounting a file system needs root'
  const directory = mkdtempSync(join(tmpdir(), 'stanchion-volume-'))
  try {
    const volume = new DiskVolume(directory, TRIAL_MEGABYTES)
    volume.cutPower()
    spawnSync('umount', [directory])
    return undefined
  } catch (error) {
    spawnSync('umount', [directory])
    return `a file system of its own needs mkfs.ext4, mount with loop devices, and perl: ${(error as Error).message.trim()}`
  } finally {
    rmSync(`${directory}.img`, { force: true })
    rmSync(directory, { recursive: true, force: true })
  }
}

function run(command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}
