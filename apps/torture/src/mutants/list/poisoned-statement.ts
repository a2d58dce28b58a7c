import type { Mutant } from '../mutant.ts'

export const poisonedStatement: Mutant = {
  name: 'poisoned-statement',
  about: 'A statement that fails because of one row fails for everybody whose rows it carried.',
  promises: ['G22'],
  checkers: ['answers'],
  traps: [
    // Some messages of standard queues cannot be stored together with those of another client. Alone they can, and nobody has to notice.
    {
      sql: `CREATE FUNCTION stanchion.refuse_company() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF (SELECT count(DISTINCT split_part(f.body, '-', 1)) > 1 AND bool_or(md5(f.body) < '4')
                  FROM fresh f WHERE f.deduplication_id IS NULL) THEN
                RAISE EXCEPTION 'a row that cannot be stored' USING ERRCODE = '23514';
              END IF;
              RETURN NULL;
            END $$;
            CREATE TRIGGER refuse_company AFTER INSERT ON stanchion.message_log REFERENCING NEW TABLE AS fresh
              FOR EACH STATEMENT EXECUTE FUNCTION stanchion.refuse_company()`,
    },
  ],
  patches: [
    {
      file: 'packages/queue/src/messages/statement-runner.ts',
      find: "if (failure === 'row' && items.length > 1) return this.#split(bucket, items, expiresAtMs)",
      replace: '',
    },
  ],
}
