/** Every metric of Stanchion with its sentence; `docs/reference/metrics.md` repeats them, checked by a test. */
export const METRICS = {
  stanchion_queue_messages_visible: 'Messages of the queue that can be received.',
  stanchion_queue_messages_in_flight: 'Messages of the queue that are leased.',
  stanchion_queue_messages_delayed: 'Messages of the queue whose delay is not over.',
  stanchion_queue_oldest_message_age_seconds:
    'Seconds since the oldest stored message of the queue was sent; 0 when it is empty.',
  stanchion_queue_retention_seconds: 'How long the queue keeps a message.',
  stanchion_queue_dead_letter_info: '1 for every queue that has a dead-letter queue, which a label names.',
  stanchion_queue_outstanding_messages: 'Messages of the queue that can be received or are leased.',
  stanchion_queue_arrivals_per_second: 'Messages sent to the queue, through all nodes, about the last minute.',
  stanchion_queue_completions_per_second:
    'Messages of the queue deleted by clients, through all nodes, about the last minute.',
  stanchion_queue_drain_seconds:
    'How long until nothing is outstanding if it goes on like this; +Inf when it never would be.',
  stanchion_queue_desired_consumers: 'How many consumers the queue asks for, by its scaling policy.',
  stanchion_messages_sent_total: 'Messages that this node stored in the queue.',
  stanchion_messages_received_total: 'Messages that this node delivered from the queue.',
  stanchion_messages_redelivered_total:
    'Of the deliveries of this node, those of messages that had been delivered before.',
  stanchion_messages_released_total: 'Leases of the queue that were given back through this node.',
  stanchion_messages_deleted_total: 'Messages of the queue that this node deleted for a client.',
  stanchion_messages_moved_total: 'Messages that this node moved out of the queue for a move task.',
  stanchion_messages_dead_lettered_total: 'Messages that this node moved from the queue to its dead-letter queue.',
  stanchion_duplicates_refused_total: 'Sends that this node recognised as repetitions, on a FIFO queue.',
  stanchion_empty_receives_total: 'Receives on the queue that this node answered without a message.',
  stanchion_messages_expired_total: 'Messages of the queue that outlived its retention; every node answers the same.',
  stanchion_leases_expired_total:
    'Leases of the queue that ended by themselves, noticed when the message is delivered again or moved; every node answers the same.',
  stanchion_message_dwell_seconds: 'Time from the send of a message to its first delivery, which this node made.',
  stanchion_metrics_queues_left_out:
    'Queues that have no metrics, because there are more than STANCHION_METRICS_QUEUES_MAX.',
  stanchion_request_duration_seconds:
    'Time from a request to its response, by front door, operation and class of status; the waiting of long polls counts.',
  stanchion_batch_entries: 'Entries that one statement carried, by operation.',
  stanchion_batch_duration_seconds: 'Time that one statement took, by operation.',
  stanchion_batch_splits_total:
    'Statements that were refused because of one of their rows and were split in two, by operation.',
  stanchion_entries_waiting: 'Entries that wait in this node to join a statement.',
  stanchion_waiters: 'Receives that wait in this node for a message.',
  stanchion_wake_ups_total: 'Times that waiting receives were woken, by cause.',
  stanchion_wake_latency_seconds:
    'Time from a wake-up to the answer of a waiting receive that got messages by it, by cause. A send on the same node wakes before it is stored.',
  stanchion_event_loop_lag_seconds: 'How late the event loop of this node ran what was due.',
  stanchion_pool_connections: 'Connections of this node to the database, by state.',
  stanchion_pool_waiting: 'Pieces of work that wait for a connection to the database.',
  stanchion_database_reachable: '1 while the database answers this node, else 0.',
  stanchion_database_live_rows:
    'Live rows of a table of the schema, as Postgres estimates them; segments of the log count as message_log.',
  stanchion_database_dead_rows:
    'Dead rows of a table of the schema that wait for a vacuum, as Postgres estimates them.',
  stanchion_database_oldest_snapshot_age_seconds:
    'How long the oldest transaction that keeps dead rows from going has been open, of those that the role of the server may see; 0 when there is none.',
  stanchion_database_hidden_sessions:
    'Sessions of other roles in the database, whose transactions the role of the server may not see.',
  stanchion_database_size_bytes: 'Size of the database on disk.',
  stanchion_log_segments: 'Segments of the message log that exist.',
  stanchion_service_round_duration_seconds: 'Time that one round of a background duty took, by service.',
  stanchion_service_failures_total: 'Rounds of background duties that failed, by service.',
} as const

export type MetricName = keyof typeof METRICS
