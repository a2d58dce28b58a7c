/** A runbook as the build makes it of its page in docs/operate/runbooks. */
export interface Runbook {
  readonly title: string
  readonly html: string
}

const PATH = 'docs/operate/runbooks/'

/** Loaded when somebody reads one. */
const PAGES = import.meta.glob<Runbook>('../../../../docs/operate/runbooks/*.md', { import: 'default' })

const BY_NAME = new Map(
  Object.entries(PAGES).map(([file, load]) => [file.slice(file.lastIndexOf('/') + 1, -'.md'.length), load]),
)

/** The name of a runbook that the console has, by its path in the repository. */
export function runbookName(path: string): string | undefined {
  if (!path.startsWith(PATH)) return undefined
  const name = path.slice(PATH.length).replace(/\.md(#.*)?$/, '')
  return BY_NAME.has(name) ? name : undefined
}

/** `undefined`: there is no such runbook. */
export async function loadRunbook(name: string): Promise<Runbook | undefined> {
  return BY_NAME.get(name)?.()
}
