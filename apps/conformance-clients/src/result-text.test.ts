import { describe, expect, it } from '@jest/globals'
import type { Client } from './client.ts'
import { CLIENTS } from './clients.ts'
import { resultText } from './result-text.ts'

const [client] = CLIENTS.filter(({ name }) => name === 'boto3') as [Client]

describe('the text of a result', () => {
  it('is one line for a client that passed or was skipped', () => {
    expect(resultText({ outcome: 'passed', client, using: 'boto3 1.44.8', stepCount: 31, seconds: 1.24 })).toBe(
      'passed   boto3          boto3 1.44.8, 31 steps, 1.2 s',
    )
    expect(resultText({ outcome: 'skipped', client, why: 'there is no python3' })).toBe(
      'skipped  boto3          there is no python3',
    )
  })

  it('shows for a failure what was wrong and the end of the output', () => {
    const output = Array.from({ length: 50 }, (_, i) => `line ${i}`).join('\n')
    const text = resultText({ outcome: 'failed', client, using: 'boto3 1.44.8', problems: ['tags: no'], output })
    expect(text.split('\n').slice(0, 3)).toEqual([
      'failed   boto3          boto3 1.44.8',
      '  ✗ tags: no',
      '  | line 20',
    ])
    expect(text.endsWith('  | line 49')).toBe(true)
  })
})
