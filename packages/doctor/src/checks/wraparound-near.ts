import { count } from '../words/duration.ts'
import { identifier } from '../words/quote.ts'
import { defineCheck } from './check.ts'

export const wraparoundNear = defineCheck({
  id: 'wraparound-near',
  title: 'Transaction ids do not run out',
  needs: ['database'],
  examine({ database: { name, transactionAge, multixactAge } }, thresholds) {
    const kinds: [age: number, thing: string][] = [
      [transactionAge, 'transaction'],
      [multixactAge, 'multixact'],
    ]
    return kinds
      .filter(([age]) => age >= thresholds.transactionAge)
      .map(([age, thing]) => ({
        severity: age >= thresholds.transactionAgeCritical ? ('critical' as const) : ('warning' as const),
        subject: `database ${name}`,
        summary: `The oldest ${thing} id of the database ${name} is ${count(age, thing)} old; at some 2,000,000,000 Postgres takes no more writes.`,
        advice: `End what holds a snapshot, see snapshot-held. Then, as the owner of the tables: vacuumdb --freeze --dbname=${identifier(name)}. The table that is behind: SELECT oid::regclass, age(relfrozenxid) FROM pg_class WHERE relkind IN ('r', 't') ORDER BY 2 DESC LIMIT 5.`,
      }))
  },
})
