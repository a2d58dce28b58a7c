import type { Mutant } from '../mutant.ts'

export const deadLettersInTwoTransactions: Mutant = {
  name: 'dead-letters-in-two-transactions',
  about: 'Dead letters leave their queue in one transaction and come to the dead-letter queue in another one.',
  promises: ['G18', 'G26'],
  checkers: ['counters', 'lost messages'],
  patches: [
    // What one transaction has taken, until the same server does the other one.
    {
      sql: "CREATE TABLE stanchion.under_way AS SELECT p.*, '' AS server FROM stanchion.parked_message p WITH NO DATA",
    },
    {
      function: 'move_dead_letters_v1',
      find: `  INSERT INTO stanchion.parked_message (bucket, lane_id, seq, visible_at, receive_count, received_at, first_received_at)
  SELECT p_dead_bucket, -p_dead_lane, k.new_seq, p_now, p.receive_count, p_now, p.first_received_at`,
      replace: `  INSERT INTO stanchion.under_way (bucket, lane_id, seq, visible_at, receive_count, received_at, first_received_at, server)
  SELECT p_dead_bucket, -p_dead_lane, k.new_seq, p_now, p.receive_count, p_now, p.first_received_at,
         current_setting('application_name')`,
    },
    {
      file: 'packages/queue/src/database/database.ts',
      find: "application_name: 'stanchion',",
      replace: 'application_name: "stanchion " + process.pid,',
    },
    {
      file: 'packages/queue/src/database/database.ts',
      find: 'this.#unconfirmed.refuse(client)',
      replace: `this.#unconfirmed.refuse(client)
      if (/claim|tick/.test(statement.name)) {
        this.arriving ??= setTimeout(() => {
          this.arriving = undefined
          const text = \`WITH t AS (DELETE FROM stanchion.under_way WHERE server = current_setting('application_name') RETURNING *)
            INSERT INTO stanchion.parked_message (bucket, lane_id, seq, visible_at, receive_count, received_at, first_received_at)
            SELECT bucket, lane_id, seq, visible_at, receive_count, received_at, first_received_at FROM t\`
          this.run({ name: 'arrive', text }, []).catch(() => undefined)
        }, 5_000)
      }`,
    },
  ],
}
