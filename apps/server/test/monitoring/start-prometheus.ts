import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { startProgram } from '@stanchion/testing'
import { stringify } from 'yaml'

export interface Prometheus {
  /** Without a trailing slash. */
  readonly url: string
  stop(): Promise<void>
}

/** Starts a Prometheus with this configuration, on a free port. */
export async function startPrometheus(program: string, config: object): Promise<Prometheus> {
  const directory = await mkdtemp(join(tmpdir(), 'stanchion-prometheus-'))
  await writeFile(join(directory, 'prometheus.yml'), stringify(config))
  const prometheus = startProgram(program, [
    `--config.file=${join(directory, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(directory, 'data')}`,
    '--web.listen-address=127.0.0.1:0',
  ])
  const address = /msg="Listening on" address=(\S+)/
  let isOver = false
  void prometheus.exited.then(() => {
    isOver = true
  })
  while (!address.test(prometheus.errors())) {
    if (isOver) throw new Error(prometheus.errors())
    await nextTurn()
  }
  return {
    url: `http://${address.exec(prometheus.errors())?.[1]}`,
    async stop() {
      await prometheus.kill()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
