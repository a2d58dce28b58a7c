import { bytes, percent } from '../words/bytes.ts'
import { defineCheck } from './check.ts'

export const diskNearlyFull = defineCheck({
  id: 'disk-nearly-full',
  title: 'The disk of the embedded Postgres has room',
  needs: ['node'],
  examine({ node: { dataDisk } }, thresholds) {
    if (dataDisk === undefined) {
      return {
        found: [],
        unseen:
          'The database is not embedded, and Postgres does not tell how full its disk is: watch that on its machine.',
      }
    }
    const { path, totalBytes, freeBytes } = dataDisk
    const isBelow = (share: number, size: number) => freeBytes < Math.min(share * totalBytes, size)
    const isCritical = isBelow(thresholds.diskFreeCriticalShare, thresholds.diskFreeCriticalBytes)
    if (!isCritical && !isBelow(thresholds.diskFreeShare, thresholds.diskFreeBytes)) return []
    return [
      {
        severity: isCritical ? 'critical' : 'warning',
        subject: `disk of ${path}`,
        summary: `The disk that holds ${path} has ${bytes(freeBytes)} free, ${percent(freeBytes / totalBytes)} of ${bytes(totalBytes)}. When it is full, sends are refused; nothing is lost.`,
        advice:
          'Make room or enlarge the disk. Space of messages comes back an hour or two after they are deleted: see dead-letter queues and queues that nobody receives from, and purge what nobody needs.',
      },
    ]
  },
})
