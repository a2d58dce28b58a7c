import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { Story } from '../checkers/story.ts'
import { judge } from '../run/judge.ts'
import { writeShrunk } from './write-shrunk.ts'

const LIMITS = { acksAfterLastFaultMin: 0, overlappingClaimsMin: 0, faultsMin: 0 }

it('of a red history stays a smaller one that is red for the same reason, and a list of its commands', () => {
  const directory = mkdtempSync(join(tmpdir(), 'stanchion-shrunk-'))
  try {
    const story = new Story()
      .queue('q')
      .send('q', 'a')
      .receive('q', 'a')
      .delete('q', 'a#1')
      .send('q', 'b')
      .rest()
      .drain()
    const historyFile = join(directory, 'history.jsonl')
    writeFileSync(
      historyFile,
      story
        .end()
        .history.events.map((event) => `${JSON.stringify(event)}\n`)
        .join(''),
    )
    const judgement = judge(historyFile, LIMITS)
    const [shrunk, ...others] = writeShrunk(historyFile, judgement, join(directory, 'shrunk'))
    expect(others).toEqual([])
    expect(shrunk).toEqual({
      ...{ checker: 'lost messages', file: join(directory, 'shrunk', 'lost-messages.jsonl'), requests: 1 },
    })
    const file = shrunk?.file ?? ''
    expect(judge(file, LIMITS, ['lost messages']).verdicts[0]?.violations).toEqual([
      { text: expect.stringMatching(/^b \(id-b\) was acknowledged on q and never received/), requests: [4] },
    ])
    expect(readFileSync(file.replace('.jsonl', '.txt'), 'utf8')).toMatch(
      /lost messages: b .*\n\n.*queue q.*\n.*send to q: b\n/,
    )
  } finally {
    rmSync(directory, { recursive: true })
  }
})
