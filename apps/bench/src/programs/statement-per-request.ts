import pg from 'pg'
import { listen } from './sqs-stand-in.ts'

/** The usual way: one wide table with an index on `visible_at`, and one statement for each request, on 16 connections. */
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL as string, max: 16 })
await pool.query(`
  CREATE TABLE IF NOT EXISTS bench_message (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), body text NOT NULL, visible_at timestamptz NOT NULL DEFAULT now(),
    receive_count integer NOT NULL DEFAULT 0)`)
await pool.query('CREATE INDEX IF NOT EXISTS bench_message_visible_at ON bench_message (visible_at)')

const SEND = 'INSERT INTO bench_message (body) SELECT unnest($1::text[]) RETURNING id'
const RECEIVE = `
  UPDATE bench_message SET visible_at = now() + interval '30 seconds', receive_count = receive_count + 1
  WHERE id = ANY (ARRAY(SELECT id FROM bench_message WHERE visible_at <= now() ORDER BY visible_at LIMIT $1
                        FOR UPDATE SKIP LOCKED))
  RETURNING id, body`
const DELETE = 'DELETE FROM bench_message WHERE id = ANY ($1::uuid[])'

await listen({
  send: async (bodies) =>
    (await pool.query({ name: 'send', text: SEND, values: [bodies] })).rows.map((row) => row.id as string),
  receive: async (count) =>
    (await pool.query({ name: 'receive', text: RECEIVE, values: [count] })).rows.map((row) => ({
      id: row.id as string,
      handle: row.id as string,
      body: row.body as string,
    })),
  delete: async (handles) => {
    await pool.query({ name: 'delete', text: DELETE, values: [handles] })
  },
})
