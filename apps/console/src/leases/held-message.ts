/** A message that this page holds the lease of. */
export interface HeldMessage<Message> {
  readonly message: Message
  /** By the clock of this page: when the lease ends. */
  readonly endsAtMs: number
  /** How long the lease was when it was last given, so that a bar can show what is left of it. */
  readonly leaseSeconds: number
}

/** What is left of a lease. */
export interface LeaseLeft {
  readonly secondsLeft: number
  /** 1 just after it was given, 0 at its end. */
  readonly fraction: number
  readonly isOver: boolean
}

/**
 * Holds a message from the moment that its receive was asked for, not from its answer: the server began the lease somewhere
 * between, and a countdown that ends too early does no harm.
 */
export function holdMessage<Message>(message: Message, askedAtMs: number, leaseSeconds: number): HeldMessage<Message> {
  return { message, endsAtMs: askedAtMs + leaseSeconds * 1_000, leaseSeconds }
}

export function leaseLeft({ endsAtMs, leaseSeconds }: HeldMessage<unknown>, nowMs: number): LeaseLeft {
  const millisecondsLeft = Math.max(0, endsAtMs - nowMs)
  return {
    secondsLeft: Math.ceil(millisecondsLeft / 1_000),
    fraction: leaseSeconds === 0 ? 0 : Math.min(1, millisecondsLeft / (leaseSeconds * 1_000)),
    isOver: millisecondsLeft === 0,
  }
}
