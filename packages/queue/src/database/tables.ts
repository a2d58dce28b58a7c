import type { ColumnType, JSONColumnType } from 'kysely'
import type { DeadLetterSources, MoveTaskFailure, MoveTaskStatus, ScalingPolicy } from '../types.ts'

/** 64-bit integers: `pg` answers them as text. */
type Int64 = ColumnType<string, string | number, string | number>

/** The catalogue as kysely sees it. Hot tables are only touched by the SQL functions in `migrations/`. */
export interface Tables {
  'stanchion.queue': QueueTable
  'stanchion.lane': LaneTable
  'stanchion.dead_lane': { bucket: number; lane_id: Int64 }
  'stanchion.deleted_queue': { account_id: string; name: string; deleted_at: Date }
  'stanchion.handle_key': { key_id: number; secret: Buffer; created_at: Date }
  'stanchion.duty': { name: string; finished_at: Date | null }
  'stanchion.clock_confirmation': { confirmed_at: Date }
  'stanchion.move_task': MoveTaskTable
  'stanchion.scaling_decision': ScalingDecisionTable
  'stanchion.log_segment': { lower_seq: Int64; upper_seq: Int64; table_name: string }
}

export interface QueueTable {
  queue_id: number
  account_id: string
  name: string
  bucket: number
  version: number
  visibility_timeout_seconds: number
  delay_seconds: number
  retention_seconds: number
  receive_wait_seconds: number
  message_bytes_max: number
  is_fifo: boolean
  content_based_deduplication: boolean
  deduplication_scope: 'queue' | 'messageGroup'
  throughput_limit: 'perQueue' | 'perMessageGroupId'
  dead_letter_queue: string | null
  receive_count_max: number | null
  dead_letter_sources: ColumnType<DeadLetterSources, string, string>
  tags: JSONColumnType<Record<string, string>>
  annotations: JSONColumnType<Record<string, string>>
  created_at: Date
  modified_at: Date
  purged_at: Date | null
  scaling: ColumnType<ScalingPolicy | null, string | null, string | null>
}

export interface LaneTable {
  bucket: number
  lane_id: Int64
  kind: number
  queue_id: number
  version: number
  level: ColumnType<number, number | undefined, number>
  root_lane_id: ColumnType<string | null, string | number | null | undefined, never>
}

export interface ScalingDecisionTable {
  bucket: number
  queue_id: number
  number: number
  consumers: number
  since: Date
  decided_at: Date
  reason: string
  is_raised: boolean
  pace: number | null
  mark_at: Date | null
  mark_completed: ColumnType<string | null, number | null, number | null>
  mark_outstanding: ColumnType<string | null, number | null, number | null>
  mark_consumers: number | null
  mark_settled: boolean | null
}

export interface MoveTaskTable {
  task_id: string
  account_id: string
  source_queue_id: number
  destination: string | null
  messages_per_second_max: number | null
  status: MoveTaskStatus
  failure: MoveTaskFailure | null
  messages_moved: Int64
  messages_to_move: Int64
  messages_max: Int64
  next_at: Date
  started_at: Date
  ended_at: Date | null
}
