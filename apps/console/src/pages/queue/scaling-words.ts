import type { ScalingPolicy } from '@stanchion/client'
import { formatDuration, formatNumber } from '../../components/format.ts'

/** A policy of autoscaling as sentences. */
export function scalingWords(policy: ScalingPolicy): string[] {
  const words: string[] = []
  if (policy.targetDrainSeconds !== undefined) {
    const pace =
      policy.consumerCompletionsPerSecond === undefined
        ? 'measured'
        : `taken as ${formatNumber(policy.consumerCompletionsPerSecond)} messages a second`
    words.push(
      `As many consumers as get everything done within ${formatDuration(policy.targetDrainSeconds)}; what one of them does is ${pace}.`,
    )
  }
  for (const { fromMessages, backBelowMessages, consumers } of policy.steps ?? []) {
    const back =
      backBelowMessages === undefined ? '' : `, until there are fewer than ${formatNumber(backBelowMessages)} again`
    words.push(`${countOf(consumers)} from ${formatNumber(fromMessages)} outstanding messages on${back}.`)
  }
  if (policy.consumersMin !== undefined) words.push(`Never fewer than ${formatNumber(policy.consumersMin)}.`)
  if (policy.consumersMax !== undefined) words.push(`Never more than ${formatNumber(policy.consumersMax)}.`)
  if (policy.scaleInCooldownSeconds !== undefined) {
    words.push(`Fewer at the earliest ${formatDuration(policy.scaleInCooldownSeconds)} after the last change.`)
  }
  if (policy.scaleOutCooldownSeconds !== undefined) {
    words.push(`More at the earliest ${formatDuration(policy.scaleOutCooldownSeconds)} after the last change.`)
  }
  return words
}

const countOf = (consumers: number) => (consumers === 1 ? '1 consumer' : `${formatNumber(consumers)} consumers`)
