import { connect } from 'node:net'

/** What came of polls. */
export interface PollResults {
  /** Those that were answered 200. */
  readonly answered: number
  /** Words of those that were not, and how often. */
  readonly broken: ReadonlyMap<string, number>
}

/** Polls wait for so long, one for longer than the other: they must not all end at once and be asked again at once. */
const WAIT_SECONDS_MIN = 10
const WAIT_SECONDS_MAX = 20

/** Holds so many receives open at a server, each on a connection of its own, and asks again when one ends, until it is told not to. */
export class PollHolder {
  readonly #port: number
  readonly #outcomes = new Map<string, number>()
  #isOver = false
  #done: Promise<unknown> = Promise.resolve()

  constructor(port: number) {
    this.#port = port
  }

  /** Opens them, over the queues in turn. */
  open(count: number, queues: readonly string[]): void {
    this.#done = Promise.all(
      Array.from({ length: count }, async (_, i) => {
        const waitSeconds = WAIT_SECONDS_MIN + (i % (WAIT_SECONDS_MAX - WAIT_SECONDS_MIN + 1))
        const outcome = await this.#hold(queues[i % queues.length] as string, waitSeconds)
        this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1)
      }),
    )
  }

  /** None is asked again from here on. @returns what became of each, once all have ended */
  async last(): Promise<PollResults> {
    this.#isOver = true
    await this.#done
    const { '200': answered = 0, ...broken } = Object.fromEntries(this.#outcomes)
    return { answered, broken: new Map(Object.entries(broken)) }
  }

  /** @returns the status of the last answer; else what broke it */
  #hold(queue: string, waitSeconds: number): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>()
    const body = JSON.stringify({ waitSeconds })
    const request =
      `POST /v1/queues/${queue}/receive HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body}`
    const socket = connect(this.#port, '127.0.0.1')
    let text = ''
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => {
      text += chunk
      const status = statusOf(text)
      if (status === undefined) return
      text = ''
      if (!this.#isOver && status === '200') {
        socket.write(request)
        return
      }
      resolve(status)
      socket.end()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    socket.on('close', () => resolve('no answer'))
    socket.write(request)
    return promise
  }
}

/** The status of an answer that is there as a whole. */
function statusOf(text: string): string | undefined {
  const end = text.indexOf('\r\n\r\n')
  const length = /\r\ncontent-length: (\d+)\r\n/i.exec(text)?.[1]
  if (end < 0 || length === undefined || text.length < end + 4 + Number(length)) return undefined
  return /^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1]
}
