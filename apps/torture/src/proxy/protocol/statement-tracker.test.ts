import { expect, it } from '@jest/globals'
import type { Direction } from './frame.ts'
import { FrameReader } from './frame-reader.ts'
import { STARTUP, StatementTracker, TERMINATE } from './statement-tracker.ts'
import { message, startupMessage } from './write-frames.ts'

/** A connection of which both sides are said by hand. */
function follow() {
  const tracker = new StatementTracker()
  const readers = { frontend: new FrameReader('frontend'), backend: new FrameReader('backend') }
  const say = (direction: Direction, ...messages: Buffer[]) =>
    readers[direction].push(Buffer.concat(messages)).map((frame) => {
      const { statement, numberInStatement } = tracker.place(direction, frame)
      return [frame.type, statement.number, statement.transaction.join('; '), numberInStatement]
    })
  return {
    tracker,
    client: (...messages: Buffer[]) => say('frontend', ...messages),
    postgres: (...messages: Buffer[]) => say('backend', ...messages),
  }
}

function started() {
  const connection = follow()
  connection.client(startupMessage({ user: 'postgres' }))
  connection.postgres(message('R', Buffer.alloc(4)), message('Z', 'I'))
  return connection
}

it('takes everything up to the first ReadyForQuery for the startup', () => {
  const { client, postgres, tracker } = follow()
  expect(client(startupMessage({ user: 'postgres' }))).toEqual([['StartupMessage', 0, STARTUP, 1]])
  expect(postgres(message('R', Buffer.alloc(4)))).toEqual([['Authentication', 0, STARTUP, 1]])
  expect(client(message('p', 'secret\0'))).toEqual([['Password', 0, STARTUP, 2]])
  expect(tracker.isIdle).toBe(false)
  expect(postgres(message('S', 'a\0b\0'), message('Z', 'I'))).toEqual([
    ['ParameterStatus', 0, STARTUP, 2],
    ['ReadyForQuery', 0, STARTUP, 3],
  ])
  expect(tracker.isIdle).toBe(true)
})

it('knows a prepared statement by its text when only its name is bound', () => {
  const { client, postgres } = started()
  client(message('P', 'send\0SELECT send()\0\0\0'), message('B', '\0send\0'), message('E', '\0'), message('S'))
  postgres(message('1'), message('2'), message('C', 'SELECT 1\0'), message('Z', 'I'))
  expect(client(message('B', '\0send\0'), message('S'))).toEqual([
    ['Bind', 2, 'SELECT send()', 1],
    ['Sync', 2, 'SELECT send()', 2],
  ])
})

it('knows the transaction that a statement belongs to', () => {
  const { client, postgres } = started()
  client(message('Q', 'BEGIN\0'))
  postgres(message('C', 'BEGIN\0'), message('Z', 'T'))
  client(message('Q', 'INSERT\0'))
  postgres(message('C', 'INSERT 0 1\0'), message('Z', 'T'))
  expect(client(message('Q', 'COMMIT\0'))).toEqual([['Query', 3, 'BEGIN; INSERT; COMMIT', 1]])
  expect(postgres(message('C', 'COMMIT\0'), message('Z', 'I'))).toEqual([
    ['CommandComplete', 3, 'BEGIN; INSERT; COMMIT', 1],
    ['ReadyForQuery', 3, 'BEGIN; INSERT; COMMIT', 2],
  ])
  expect(client(message('X'))).toEqual([['Terminate', 4, TERMINATE, 1]])
})

it('gives the answers of a client that pipelines to the statements in their order', () => {
  const { client, postgres } = started()
  client(message('Q', 'SELECT 1\0'), message('Q', 'SELECT 2\0'))
  expect(postgres(message('Z', 'I'), message('Z', 'I'))).toEqual([
    ['ReadyForQuery', 1, 'SELECT 1', 1],
    ['ReadyForQuery', 2, 'SELECT 2', 1],
  ])
})

it('does not count notifications, which come whenever they like', () => {
  const { client, postgres } = started()
  client(message('Q', 'SELECT 1\0'))
  const numbers = postgres(message('T', 'x'), message('A', 'x'), message('Z', 'I')).map(([, , , number]) => number)
  expect(numbers).toEqual([1, 1, 2])
})
