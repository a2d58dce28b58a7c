import { type Bucketed, emptyBuckets, histogramText, observe } from './histogram-text.ts'
import { METRICS } from './names.ts'

/** The front doors, as the metrics name them. */
export type Door = 'rest' | 'sqs'

const NAME = 'stanchion_request_duration_seconds'
const BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25]

/** How long requests took, by door, operation and class of status. Written here and not by the library, as every request is counted. */
export class RequestMetrics {
  readonly #doors: Readonly<Record<Door, Map<string, (Bucketed | undefined)[]>>> = { rest: new Map(), sqs: new Map() }

  /** Records a finished request. `operation` is from the closed list of the door. */
  finished(door: Door, operation: string, status: number, seconds: number): void {
    let classes = this.#doors[door].get(operation)
    if (classes === undefined) {
      classes = []
      this.#doors[door].set(operation, classes)
    }
    const statusClass = Math.floor(status / 100)
    classes[statusClass] ??= emptyBuckets(BOUNDS)
    observe(classes[statusClass], BOUNDS, seconds)
  }

  /** All series in the format of Prometheus. */
  text(): string {
    let text = `# HELP ${NAME} ${METRICS[NAME]}\n# TYPE ${NAME} histogram\n`
    for (const [door, operations] of Object.entries(this.#doors)) {
      for (const [operation, classes] of operations) {
        classes.forEach((bucketed, statusClass) => {
          if (bucketed === undefined) return
          text += histogramText(
            NAME,
            `door="${door}",operation="${operation}",status="${statusClass}xx"`,
            BOUNDS,
            bucketed,
          )
        })
      }
    }
    return text
  }
}
