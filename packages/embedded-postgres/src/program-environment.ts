/**
 * How the C library of Linux deals with memory: as it comes, a backend gives what a larger statement took back to the system when it is
 * done and takes it again for the next one, page fault by page fault, which was an eighth of the CPU of short statements.
 * With these it keeps up to 4 MB. Other libraries do not read them.
 */
const MEMORY_SETTINGS = { MALLOC_TOP_PAD_: '4194304', MALLOC_MMAP_THRESHOLD_: '4194304' }

/**
 * The environment of the Postgres programs: no `PG*` variable of the caller reaches them, messages are in English.
 * @param more what goes beside it
 */
export function programEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', ...MEMORY_SETTINGS, ...more }
}
