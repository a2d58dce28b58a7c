import type { Operation } from '../operation.ts'
import { type RestApi, Violation, whole } from '../rest-api.ts'

/** Longer than a trial takes, in seconds. */
const OVERLAP_SECONDS = 3_600

/** A key as it is listed. */
interface ListedKey {
  readonly description: string
  readonly createdAt: string
  readonly expiresAt?: string
  readonly disabledAt?: string
}

/** What is done to access keys, each of which has the name of its trial for a description. */
export function accessKeyOperations(): Operation[] {
  return [
    {
      name: 'create an access key',
      prepare: async ({ api }, description) => ({
        run: async () => whole(await api.call('POST', '/access-keys', { role: 'reader', description })),
        effects: async () => new Map([['it', (await keys(api, description)).length]]),
      }),
    },
    {
      name: 'disable an access key',
      prepare: async ({ api }, description) => {
        const { id } = await api.must('POST', '/access-keys', { role: 'reader', description })
        return {
          run: async () => whole(await api.call('POST', `/access-keys/${id}/disable`)),
          effects: async () => {
            const [key] = await keys(api, description)
            return new Map([['it', key?.disabledAt === undefined ? 0 : 1]])
          },
        }
      },
    },
    {
      name: 'rotate an access key',
      prepare: async ({ api }, description) => {
        const { id } = await api.must('POST', '/access-keys', { role: 'reader', description })
        const rotation = { overlapSeconds: OVERLAP_SECONDS }
        return {
          run: async () => whole(await api.call('POST', `/access-keys/${id}/rotate`, rotation)),
          effects: async () => {
            const [key, ...successors] = await keys(api, description)
            const expires = key?.expiresAt !== undefined
            if (expires !== successors.length > 0)
              throw new Violation('a key expires without a successor, or the other way')
            return new Map([['it', successors.length]])
          },
        }
      },
    },
  ]
}

/** Those of a trial, oldest first. */
async function keys(api: RestApi, description: string): Promise<ListedKey[]> {
  const { accessKeys } = (await api.must('GET', '/access-keys')) as { accessKeys: ListedKey[] }
  return accessKeys.filter((key) => key.description === description)
}
